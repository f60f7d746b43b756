import type { AlikeImages } from '../../../core/contract/inspection.ts';
import { elementCount } from '../../../core/catalogue/shape.ts';
import { CoarsePictures, coarseLength } from '../../../core/inspection/coarse-picture.ts';
import { duplicateFigures } from '../../../core/inspection/duplicate-figures.ts';
import type { FoundGroup, NumberedSamples } from '../../../core/inspection/duplicate-figures.ts';
import { nearPairs } from '../../../core/inspection/near-pairs.ts';
import type { SplitFiles } from '../../../core/training/plan.ts';
import { fail } from '../../failures.ts';
import type { OnProgress } from '../progress.ts';
import { numbered } from './inspect-dataset.ts';
import type { InspectedFiles } from './inspect-dataset.ts';
import { readSplit } from './read-split.ts';
import type { Samples } from './read-split.ts';

/** Correlation from which on two pictures are taken for the same: CIFAR-10 has 26 such pairs, none of two classes. */
const least = 0.98;
/** Deviation of the pixels, 0…255, below which noise alone would tell pictures apart. */
const flattest = 4;
/** A data set of nothing but repetitions is not written out whole. */
const mostPairs = 200_000;

/** Bytes of images that are kept in memory to be compared with each other. */
const mostBytes = 2 ** 29;

/** Pairs of images of a data set that are alike but not equal. */
export async function findAlike(files: InspectedFiles, onProgress: OnProgress): Promise<AlikeImages> {
  const { inputShape, values } = files;
  if (values !== 'bytes' || inputShape.length !== 3) refuse('These samples are not images of bytes.');
  const [train, test] = [await readWhole(files.train, inputShape), await readWhole(files.test, inputShape)];
  const pixels = Buffer.concat([train.pixels, test.pixels]);
  return pairsOf(pixels, inputShape, numbered(train, test), onProgress);
}

async function readWhole(split: SplitFiles, inputShape: readonly number[]) {
  const pieces: Samples[] = [];
  let bytes = 0;
  for await (const piece of readSplit(split, inputShape)) {
    bytes += piece.inputs.byteLength;
    if (bytes > mostBytes) refuse('There are too many images to compare with each other: more than 512 MB.');
    pieces.push(piece);
  }
  return {
    samples: pieces.reduce((sum, { count }) => sum + count, 0),
    pixels: Buffer.concat(pieces.map(({ inputs }) => inputs as Uint8Array)),
    labels: Int32Array.from(pieces.flatMap(({ labels }) => (labels === null ? [] : [...labels]))),
    targets: Float32Array.from(pieces.flatMap(({ targets }) => (targets === null ? [] : [...targets]))),
  };
}

function refuse(why: string): never {
  return fail('unavailable', why);
}

/** Training images come first. */
async function pairsOf(
  pixels: Uint8Array,
  inputShape: readonly number[],
  samples: NumberedSamples,
  onProgress: OnProgress,
): Promise<AlikeImages> {
  const size = elementCount(inputShape);
  const count = pixels.length / size;
  const figures = momentsOf(pixels, size);
  const pictures = Int32Array.from({ length: count }, (_, index) => index).filter(
    (index) => figures.deviations[index]! >= flattest,
  );
  const coarse = new Float32Array(count * coarseLength);
  const coarsePictures = new CoarsePictures(inputShape);
  for (const index of pictures) {
    const moments = { mean: figures.means[index]!, deviation: figures.deviations[index]! };
    coarsePictures.write(pixels, index * size, moments, coarse, index * coarseLength);
  }
  const groups: FoundGroup[] = [];
  const verify = (one: number, other: number): void => {
    const correlation = correlationOf(pixels, size, figures, one, other);
    if (correlation < least || groups.length === mostPairs) return;
    if (!isEqual(pixels, size, one, other)) groups.push({ members: [one, other].sort(rising), correlation });
  };
  // Of two vectors of length 1 (each picture less its mean, by its deviation): |a - b|² = 2 - 2 · correlation.
  for (const done of nearPairs(coarse, pictures, Math.sqrt(2 - 2 * least), verify)) {
    onProgress({ stage: 'comparing the images with each other', done, total: pictures.length });
    await new Promise(setImmediate);
  }
  return { ...duplicateFigures(groups, samples), least, flat: count - pictures.length };
}

interface Moments {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

function momentsOf(pixels: Uint8Array, size: number): Moments {
  const count = pixels.length / size;
  const means = new Float64Array(count);
  const deviations = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let [sum, squares] = [0, 0];
    for (let at = index * size; at < (index + 1) * size; at++) {
      const pixel = pixels[at]!;
      sum += pixel;
      squares += pixel * pixel;
    }
    means[index] = sum / size;
    deviations[index] = Math.sqrt(Math.max(0, squares / size - (sum / size) ** 2));
  }
  return { means, deviations };
}

function correlationOf(
  pixels: Uint8Array,
  size: number,
  { means, deviations }: Moments,
  one: number,
  other: number,
): number {
  const [mean, otherMean] = [means[one]!, means[other]!];
  let sum = 0;
  for (let at = 0; at < size; at++) sum += (pixels[one * size + at]! - mean) * (pixels[other * size + at]! - otherMean);
  return Math.min(1, sum / (size * deviations[one]! * deviations[other]!));
}

function isEqual(pixels: Uint8Array, size: number, one: number, other: number): boolean {
  for (let at = 0; at < size; at++) if (pixels[one * size + at] !== pixels[other * size + at]) return false;
  return true;
}

function rising(one: number, other: number): number {
  return one - other;
}

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { elementCount } from '../../core/catalogue/shape.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import type { SplitContent } from '../../core/training/run-data.ts';
import { withFile } from '../failures.ts';
import { makeFolder, replaceFileUnsynced } from '../files.ts';
import { contentsFolder } from '../paths.ts';
import { readSplit } from './inspect/read-split.ts';

const sums = z.array(z.number());

const measuredContent = z.object({
  samples: z.number(),
  inputs: z.string(),
  targets: z.string(),
  sampleSum: z.number(),
  /** Per channel of images of bytes, sums of the values and of their squares, exact; null of other samples. */
  channels: z.object({ sums, squares: sums, count: z.number() }).nullable(),
});

export type MeasuredContent = SplitContent & Readonly<z.infer<typeof measuredContent>>;

/**
 * Reads a split to the end for what stands for its content. Hundreds of megabytes take a second, so it is done once for
 * files of the same names, sizes and times.
 */
export async function contentOf(split: SplitFiles, inputShape: readonly number[]): Promise<MeasuredContent> {
  const note = path.join(contentsFolder(), `${await keyOf(split, inputShape)}.json`);
  const known = await readFile(note, 'utf8').then(
    (text) => measuredContent.safeParse(JSON.parse(text)).data ?? null,
    () => null,
  );
  if (known !== null) return known;
  const content = await measure(split, inputShape);
  await makeFolder(contentsFolder());
  await replaceFileUnsynced(note, Buffer.from(JSON.stringify(content)));
  return content;
}

/** Mean and deviation per channel as fractions of 255, to the last bit as the engine computes them (data/dataset.cpp). */
export function statisticsOf({ channels }: MeasuredContent): {
  readonly mean: readonly number[];
  readonly std: readonly number[];
} | null {
  if (channels === null) return null;
  const means = channels.sums.map((sum) => sum / channels.count);
  return {
    mean: means.map((mean) => mean / 255),
    std: means.map((mean, channel) => {
      const variance = channels.squares[channel]! / channels.count - mean * mean;
      return Math.sqrt(Math.max(variance, 0)) / 255;
    }),
  };
}

/** Files of a split, in the order in which they are read. */
export function filesOf(split: SplitFiles): readonly string[] {
  switch (split.format) {
    case 'idx':
      return [split.images, split.labels];
    case 'cifar10':
      return split.files;
    case 'arrays':
      return [split.inputs, split.targets, ...(split.standardTargets === undefined ? [] : [split.standardTargets])];
  }
}

async function keyOf(split: SplitFiles, inputShape: readonly number[]): Promise<string> {
  const described = await Promise.all(
    filesOf(split).map(async (file) => {
      const { size, mtimeMs, ino } = await withFile(file, () => stat(file));
      return [file, size, mtimeMs, ino];
    }),
  );
  return createHash('sha256')
    .update(JSON.stringify([split.format, inputShape, described]))
    .digest('hex')
    .slice(0, 32);
}

async function measure(split: SplitFiles, inputShape: readonly number[]): Promise<MeasuredContent> {
  const [inputs, targets] = [createHash('sha256'), createHash('sha256')];
  const areImages = inputShape.length === 3;
  const gathered = new ChannelSums(inputShape);
  const size = elementCount(inputShape);
  let samples = 0;
  let sampleSum = 0;
  let areBytes = false;
  for await (const part of readSplit(split, inputShape)) {
    samples += part.count;
    inputs.update(bytesOf(part.inputs));
    targets.update(bytesOf(part.labels ?? part.targets ?? new Uint8Array(0)));
    sampleSum += checksums(part.inputs, size, part.count);
    areBytes = part.inputs instanceof Uint8Array;
    if (areImages && part.inputs instanceof Uint8Array) gathered.add(part.inputs, part.count);
  }
  return {
    samples,
    inputs: inputs.digest('hex'),
    targets: targets.digest('hex'),
    sampleSum,
    channels: areImages && areBytes ? gathered.result() : null,
  };
}

/** Sum of the CRC-32 of each sample; below 2⁵³ for two million samples. */
function checksums(inputs: Uint8Array | Float32Array, size: number, count: number): number {
  let sum = 0;
  for (let sample = 0; sample < count; sample++) {
    sum += crc32(bytesOf(inputs.subarray(sample * size, (sample + 1) * size)));
  }
  return sum;
}

function bytesOf(values: Uint8Array | Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Whole numbers below 2⁵³, so nothing is rounded. */
class ChannelSums {
  readonly #plane: number;
  readonly #sums: number[];
  readonly #squares: number[];
  #samples = 0;

  constructor(inputShape: readonly number[]) {
    this.#plane = elementCount(inputShape.slice(1));
    this.#sums = new Array<number>(inputShape[0] ?? 1).fill(0);
    this.#squares = [...this.#sums];
  }

  add(pixels: Uint8Array, samples: number): void {
    let at = 0;
    for (let sample = 0; sample < samples; sample++) {
      for (let channel = 0; channel < this.#sums.length; channel++) {
        let sum = 0;
        let squares = 0;
        for (const end = at + this.#plane; at < end; at++) {
          const value = pixels[at]!;
          sum += value;
          squares += value * value;
        }
        this.#sums[channel]! += sum;
        this.#squares[channel]! += squares;
      }
    }
    this.#samples += samples;
  }

  result(): NonNullable<MeasuredContent['channels']> {
    return { sums: this.#sums, squares: this.#squares, count: this.#samples * this.#plane };
  }
}

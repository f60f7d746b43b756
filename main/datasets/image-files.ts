import { open } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type { SplitFiles } from '../../core/training/plan.ts';
import { fail, withFile } from '../failures.ts';
import { isFile, plainOrGzipped } from './check-files.ts';

/** What a folder of image files turned out to be. */
export interface ImageFiles {
  readonly layout: 'idx' | 'cifar10';
  readonly train: SplitFiles;
  readonly test: SplitFiles;
}

/** Recognises MNIST's IDX files (plain or gzipped) or CIFAR-10's binary ones in a folder; null where neither is whole. */
export async function recogniseFiles(folder: string): Promise<ImageFiles | null> {
  const train = await idxSplit(folder, 'train');
  const test = await idxSplit(folder, 't10k');
  if (train && test) return { layout: 'idx', train, test };
  const batches = [1, 2, 3, 4, 5].map((number) => path.join(folder, `data_batch_${number}.bin`));
  const testBatch = path.join(folder, 'test_batch.bin');
  for (const file of [...batches, testBatch]) if (!(await isFile(file))) return null;
  return {
    layout: 'cifar10',
    train: { format: 'cifar10', files: batches },
    test: { format: 'cifar10', files: [testBatch] },
  };
}

async function idxSplit(folder: string, prefix: 'train' | 't10k'): Promise<SplitFiles | null> {
  const images = await idxFile(folder, `${prefix}-images`, 'idx3-ubyte');
  const labels = await idxFile(folder, `${prefix}-labels`, 'idx1-ubyte');
  return images && labels ? { format: 'idx', images, labels } : null;
}

/** Some archives unpack to `train-images.idx3-ubyte`. */
async function idxFile(folder: string, name: string, kind: string): Promise<string | null> {
  return (await plainOrGzipped(folder, `${name}-${kind}`)) ?? (await plainOrGzipped(folder, `${name}.${kind}`));
}

/** What the head of an IDX file of images states. The engine reads and checks the rest. */
export interface IdxImages {
  readonly samples: number;
  /** [1, rows, columns] */
  readonly shape: readonly number[];
}

export async function idxImages(file: string): Promise<IdxImages> {
  const head = await withFile(file, () => firstBytes(file, 16));
  if (head.length < 16 || head.readUInt32BE(0) !== 0x0803) {
    fail(
      'badData',
      `${file} is not an IDX file of images: its header should be 00 00 08 03, followed by three sizes.`,
      {
        at: file,
      },
    );
  }
  return { samples: head.readUInt32BE(4), shape: [1, head.readUInt32BE(8), head.readUInt32BE(12)] };
}

async function firstBytes(file: string, count: number): Promise<Buffer> {
  // A gzipped head of a few bytes lies within the first 4 KiB.
  const handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0).finally(() => handle.close());
  const start = buffer.subarray(0, bytesRead);
  return (file.endsWith('.gz') ? await unpackStart(start, count) : start).subarray(0, count);
}

async function unpackStart(packed: Buffer, count: number): Promise<Buffer> {
  const unpacker = createGunzip();
  const parts: Buffer[] = [];
  unpacker.write(packed);
  try {
    for await (const part of unpacker as AsyncIterable<Buffer>) {
      parts.push(part);
      if (Buffer.concat(parts).length >= count) break;
    }
  } catch {
    // Not gzip, or damaged at once: the head is then too short, which the caller reports.
  }
  return Buffer.concat(parts);
}

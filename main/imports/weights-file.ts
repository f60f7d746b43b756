import path from 'node:path';
import { FailureError } from '../../core/failure.ts';
import type { ByteSource } from '../../core/weights/byte-source.ts';
import { readWeights } from '../../core/weights/read-weights.ts';
import { looksLikeShardIndex, readShardIndex } from '../../core/weights/shard-index.ts';
import type { TensorInFile, WeightEntry } from '../../core/weights/stored-tensor.ts';
import { unreadable } from '../../core/weights/unreadable.ts';
import { withByteFile } from './byte-file.ts';

/** A hundred bytes name one tensor. */
const largestIndex = 2 ** 26;

/**
 * Gives `work` the state dicts of a file of weights, or of the shards that an index names. Their tensors can be read until
 * `work` ends; nothing of the file is run. A failure names the file.
 */
export async function withWeightsFile<T>(
  file: string,
  work: (entries: readonly WeightEntry[]) => Promise<T>,
): Promise<T> {
  return withByteFile(file, (source) =>
    naming(file, async () => {
      if (!looksLikeShardIndex(await source.read(0, Math.min(8, source.size)))) return work(await readWeights(source));
      return withShards(file, await indexOf(source), (tensors) => work([{ name: '', tensors }]));
    }),
  );
}

async function indexOf(source: ByteSource): Promise<readonly (readonly [string, readonly string[]])[]> {
  if (source.size > largestIndex) throw unreadable('index of shards', 'it is too large');
  return [...readShardIndex(new TextDecoder().decode(await source.read(0, source.size)))];
}

/** Opens one shard after another, and has `work` begin when all are open. */
async function withShards<T>(
  index: string,
  shards: readonly (readonly [string, readonly string[]])[],
  work: (tensors: readonly TensorInFile[]) => Promise<T>,
  opened: readonly TensorInFile[] = [],
): Promise<T> {
  const [next, ...others] = shards;
  if (next === undefined) return work(opened);
  const [name, names] = next;
  const file = path.join(path.dirname(index), name);
  return withByteFile(file, async (source) => {
    const tensors = await naming(file, async () => {
      const entries = await readWeights(source);
      const found = new Map(entries.flatMap((entry) => entry.tensors).map((tensor) => [tensor.name, tensor]));
      return names.map((wanted) => {
        const tensor = found.get(wanted);
        if (tensor !== undefined) return tensor;
        throw unreadable('shard', `it has no tensor ${wanted}, which ${path.basename(index)} expects in it`);
      });
    });
    return withShards(index, others, work, [...opened, ...tensors]);
  });
}

async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.at !== undefined) throw error;
    throw new FailureError({ ...error.failure, message: `${file}: ${error.failure.message}`, at: file });
  }
}

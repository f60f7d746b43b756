import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Weights } from '../engine/addon.ts';
import { fail, withFile } from '../failures.ts';
import { readIfThere, replaceFile } from '../files.ts';
import { pathInside } from '../inside-folder.ts';

/** `epoch` whole epochs and `step` optimizer steps of the next one lie behind it. */
const position = z.object({
  directory: z.string().refine(isPlainName),
  epoch: z.number(),
  step: z.number(),
  /** Those that are better on the test set, where the last ones and their average were judged. Older versions noted none. */
  better: z.literal(['last', 'averaged']).exactOptional(),
});

const checkpointIndex = z.object({
  version: z.literal(1),
  last: position,
  /** The last one before it, in case that is damaged. Older versions kept none. */
  previous: position.exactOptional(),
  best: position.extend({ testAccuracy: z.number().nullable(), testError: z.number().exactOptional() }).nullable(),
  /** Of a run that stopped early and is trained further: from which epoch on patience counts, until a checkpoint knows it. */
  patienceFrom: z.number().exactOptional(),
  /** The same of epochs measured on other data. */
  comparableFrom: z.number().exactOptional(),
});

export type CheckpointIndex = Readonly<z.infer<typeof checkpointIndex>>;
export type CheckpointPosition = CheckpointIndex['last'];

/** Which weights of a checkpoint are used where nobody chose: those by whose figures the checkpoint is named. */
export function usedWeights({ better = 'averaged' }: CheckpointPosition, hasAverage: boolean): Weights {
  return hasAverage ? better : 'last';
}

/** A folder beside the index, which is a file that others may have written. */
function isPlainName(directory: string): boolean {
  return path.basename(directory) === directory && pathInside('/', directory) !== null;
}

/** Null before the first checkpoint. Directories are relative to `folder`. */
export async function readCheckpointIndex(folder: string): Promise<CheckpointIndex | null> {
  const file = path.join(folder, 'index.json');
  const text = await withFile(file, () => readIfThere(file));
  if (text === null) return null;
  try {
    return checkpointIndex.parse(JSON.parse(text));
  } catch {
    return fail('badData', `${file} is damaged, so the last checkpoint is unknown.`, { at: file });
  }
}

/**
 * Makes a checkpoint already written to its directory the one that counts. The index changes whole or not at all;
 * what neither it nor an interrupted writer needs any more is removed afterwards.
 */
export async function writeCheckpointIndex(folder: string, index: CheckpointIndex): Promise<void> {
  await replaceFile(path.join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  const kept = new Set(['index.json', index.last.directory, index.previous?.directory, index.best?.directory]);
  for (const name of await readdir(folder)) {
    if (!kept.has(name)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

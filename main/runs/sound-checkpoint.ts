import path from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { fail } from '../failures.ts';
import { damageOf } from './checkpoint-checksums.ts';
import { readCheckpointIndex, writeCheckpointIndex } from './checkpoint-index.ts';
import type { CheckpointIndex, CheckpointPosition } from './checkpoint-index.ts';

/**
 * The index with checkpoints that can be used: a damaged last one gives way to the one before it, or to the best, and a
 * damaged best one to none; both are reported, on stderr and to `onDamagedCheckpoint`. Null before the first checkpoint.
 */
export async function readSoundIndex(folder: string): Promise<CheckpointIndex | null> {
  for (;;) {
    const index = await readCheckpointIndex(folder);
    if (index === null) return null;
    const damages = new Map<string, string>();
    for (const { directory } of positionsOf(index)) {
      const damage = await damageOf(path.join(folder, directory)).catch(() => 'it cannot be read');
      if (damage !== null) damages.set(directory, damage);
    }
    if (damages.size === 0) return index;
    // A run in training replaces its checkpoints while they are read.
    const now = await readCheckpointIndex(folder);
    if (now?.last.directory === index.last.directory) return soundPart(folder, index, damages);
  }
}

/** Before a run is resumed: from then on the sound checkpoint is the last one. */
export async function settleOnSoundCheckpoint(folder: string): Promise<void> {
  const [index, sound] = [await readCheckpointIndex(folder), await readSoundIndex(folder)];
  if (sound !== null && sound.last.directory !== index?.last.directory) await writeCheckpointIndex(folder, sound);
}

function soundPart(folder: string, index: CheckpointIndex, damages: ReadonlyMap<string, string>): CheckpointIndex {
  const isSound = (position: CheckpointPosition): boolean => !damages.has(position.directory);
  const { previous, ...rest } = index;
  const last = positionsOf(index).find(isSound);
  if (last === undefined) {
    const { directory } = index.last;
    const at = path.join(folder, directory);
    return fail(
      'badData',
      `The checkpoint ${at} is damaged: ${damages.get(directory)!}. There is no other checkpoint.`,
      {
        at,
      },
    );
  }
  const best = index.best !== null && isSound(index.best) ? index.best : null;
  for (const position of [index.last, ...(index.best === null ? [] : [index.best])]) {
    if (!isSound(position)) report(path.join(folder, position.directory), damages.get(position.directory)!, last);
  }
  const isLast = last.directory === index.last.directory;
  const { directory, epoch, step } = last;
  return {
    ...rest,
    last: { directory, epoch, step },
    best,
    ...(isLast && previous && isSound(previous) ? { previous } : {}),
  };
}

/** In the order in which they stand in for the last one. */
function positionsOf({ last, previous, best }: CheckpointIndex): readonly CheckpointPosition[] {
  const all = [last, ...(previous ? [previous] : []), ...(best === null ? [] : [best])];
  return all.filter(({ directory }, place) => all.findIndex((each) => each.directory === directory) === place);
}

const reported = new Set<string>();
const listeners = new Set<(failure: Failure) => void>();

/** Calls `listener` once for each damaged checkpoint. Returns a function that ends that. */
export function onDamagedCheckpoint(listener: (failure: Failure) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function report(directory: string, damage: string, used: CheckpointPosition): void {
  if (reported.has(directory)) return;
  reported.add(directory);
  const place = used.step === 0 ? `of epoch ${used.epoch}` : `of epoch ${used.epoch + 1}, step ${used.step},`;
  const message = `The checkpoint ${directory} is damaged: ${damage}. The one ${place} is used instead.`;
  process.stderr.write(`${message}\n`);
  for (const listener of listeners) listener({ code: 'badData', message, at: directory });
}

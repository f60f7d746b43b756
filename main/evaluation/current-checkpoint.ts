import { fail } from '../failures.ts';
import type { CheckpointIndex } from '../runs/checkpoint-index.ts';
import { checkpointsFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { readSoundIndex } from '../runs/sound-checkpoint.ts';

/**
 * What `read` makes of a run's checkpoint. A run that is being trained may put a newer one in the place of the one that
 * is read: then that one is. Throws `notFound` where there is none yet.
 */
export async function ofCurrentCheckpoint<Answer>(
  run: RunRow,
  which: 'last' | 'best',
  read: (index: CheckpointIndex) => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    const index = await indexOf(run, which);
    try {
      return await read(index);
    } catch (error) {
      const now = await indexOf(run, which);
      if (now[which]?.directory === index[which]?.directory) throw error;
    }
  }
}

async function indexOf(run: RunRow, which: 'last' | 'best'): Promise<CheckpointIndex> {
  const index = await readSoundIndex(checkpointsFolder(run.id));
  if (index?.[which]) return index;
  fail('notFound', `The run ${run.id} has no ${which} checkpoint yet.`, { at: run.id });
}

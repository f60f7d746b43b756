import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { LookTarget } from '../../core/contract/look.ts';
import { fail } from '../failures.ts';
import { readSoundIndex } from '../runs/sound-checkpoint.ts';
import { checkpointsFolder } from '../runs/run-folder.ts';
import { runDataFile } from '../runs/run-data.ts';
import type { RunRow } from '../runs/run-index.ts';
import { plannedRun } from './planned-run.ts';
import type { LookedCheckpoint } from './looks.ts';
import { hasAveragedWeights } from './stored-predictions.ts';

/** What of a run is looked at: `weights` absent: the average, where there is one. */
export async function lookedCheckpoint(
  run: RunRow,
  { checkpoint: which, weights: wanted }: Omit<LookTarget, 'run'>,
): Promise<LookedCheckpoint> {
  const position = (await readSoundIndex(checkpointsFolder(run.id)))?.[which];
  if (!position) return fail('notFound', `The run ${run.id} has no ${which} checkpoint yet.`, { at: run.id });
  const checkpoint = path.join(checkpointsFolder(run.id), position.directory);
  const weights = wanted ?? ((await hasAveragedWeights(checkpoint)) ? 'averaged' : 'last');
  const [{ plan }, saved, data] = await Promise.all([
    plannedRun(run),
    stat(checkpoint),
    stat(runDataFile(run.id)).catch(() => null),
  ]);
  // The data are written anew where a run goes on with changed ones.
  return {
    key: `${checkpoint} of ${saved.mtimeMs}, ${weights}, data of ${data?.mtimeMs}`,
    plan,
    device: 'cpu',
    checkpoint,
    weights,
  };
}

import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { LookTarget } from '../../core/contract/look.ts';
import { usedWeights } from '../runs/checkpoint-index.ts';
import type { CheckpointIndex } from '../runs/checkpoint-index.ts';
import { checkpointsFolder } from '../runs/run-folder.ts';
import { runDataFile } from '../runs/run-data.ts';
import type { RunRow } from '../runs/run-index.ts';
import { plannedRun } from './planned-run.ts';
import type { LookedCheckpoint } from './looks.ts';
import { hasAveragedWeights } from './stored-predictions.ts';

/** What of a run is looked at, by its index: `weights` absent: those that are better on the test set. */
export async function lookedCheckpoint(
  run: RunRow,
  { checkpoint: which, weights: wanted }: Omit<LookTarget, 'run'>,
  index: CheckpointIndex,
): Promise<LookedCheckpoint> {
  const checkpoint = path.join(checkpointsFolder(run.id), index[which]!.directory);
  const weights = wanted ?? usedWeights(index[which]!, await hasAveragedWeights(checkpoint));
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

import type { MismatchSet } from '../../core/contract/runs.ts';
import { readLabels } from '../datasets/read-labels.ts';
import { readPixels } from '../datasets/read-pixels.ts';
import { predictedClassesFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { rankMismatches } from './find-mismatches.ts';
import { plannedRun } from './planned-run.ts';
import { readPredictedClassesAfter } from './predicted-by-epoch.ts';

/** Those that a training reports after an epoch, of what it kept of the test set then. Null: nothing was kept. */
export async function mismatchesOfRun(run: RunRow, epoch: number, limit: number): Promise<MismatchSet | null> {
  const kept = await readPredictedClassesAfter(predictedClassesFolder(run.id), epoch, 'last');
  if (kept === null) return null;
  const { plan, classNames } = await plannedRun(run);
  const { test } = plan.data;
  const { inputShape } = plan;
  const labels = await readLabels(test, Int32Array.from(kept.predicted.keys()));
  const confidences = Float32Array.from(kept.confidences, (parts) => parts / 65_535);
  const ranked = rankMismatches({ labels, predicted: Int32Array.from(kept.predicted), confidences }, limit);
  const pixels = (await readPixels(test, inputShape, ranked.indices)) ?? new Uint8Array(0);
  return { run: run.id, epoch, weights: 'last', classNames, inputShape, ...ranked, pixels };
}

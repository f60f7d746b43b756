import { measuredIn } from '../../core/figures/measured.ts';
import type { Measured } from '../../core/figures/measured.ts';
import { bestFigures, betterWeights } from '../../core/training/compare-figures.ts';
import { median } from '../../core/training/median.ts';
import type { EpochFinished } from '../../core/training/events.ts';
import type { TrainOutcome } from '../engine/addon.ts';
import type { CheckpointIndex, CheckpointPosition } from '../runs/checkpoint-index.ts';

/** Of the last weights or their average, whichever is better. */
export function keptFigures(
  finished: EpochFinished,
): Pick<NonNullable<CheckpointIndex['best']>, 'testAccuracy' | 'testError' | 'better'> {
  const { accuracy = null, rootMeanSquare } = bestFigures(finished);
  return {
    testAccuracy: accuracy,
    ...(rootMeanSquare === undefined ? {} : { testError: rootMeanSquare }),
    ...betterOf(finished),
  };
}

/** Nothing where there is no average to choose from. */
export function betterOf(finished: EpochFinished): Pick<CheckpointPosition, 'better'> {
  return finished.averaged === undefined ? {} : { better: betterWeights(finished) };
}

/** What is reported of an epoch's training. */
export function figuresOfEpoch(outcome: TrainOutcome): Measured {
  const { batchLosses, generatorLosses } = outcome;
  const measured = measuredIn(outcome);
  if (generatorLosses === undefined) return measured;
  return { ...measured, loss: median(batchLosses), generatorLoss: median(generatorLosses) };
}

import { bestFigures } from '../../core/training/compare-figures.ts';
import type { LossAndAccuracy } from '../../core/training/events.ts';
import { median } from '../../core/training/median.ts';
import type { TrainOutcome } from '../engine/addon.ts';
import type { EpochFinished } from '../engine/messages.ts';
import type { CheckpointIndex } from '../runs/checkpoint-index.ts';

/** Of the last weights or their average, whichever is better. */
export function keptFigures(
  finished: EpochFinished,
): Pick<NonNullable<CheckpointIndex['best']>, 'testAccuracy' | 'testError'> {
  const { accuracy, errors } = bestFigures(finished);
  return { testAccuracy: accuracy, ...(errors === undefined ? {} : { testError: errors.rootMeanSquare }) };
}

export function figuresOf({ loss, accuracy, errors, generatorLoss }: LossAndAccuracy): LossAndAccuracy {
  return {
    loss,
    accuracy,
    ...(errors === undefined ? {} : { errors }),
    ...(generatorLoss === undefined ? {} : { generatorLoss }),
  };
}

/** What is told of an epoch's training. */
export function figuresOfEpoch(outcome: TrainOutcome): LossAndAccuracy {
  const { batchLosses, generatorLosses } = outcome;
  if (generatorLosses === undefined) return figuresOf(outcome);
  return { loss: median(batchLosses), accuracy: null, generatorLoss: median(generatorLosses) };
}

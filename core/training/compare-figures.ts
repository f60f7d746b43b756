import type { EpochFinished, LossAndAccuracy } from './events.ts';

/**
 * By accuracy; where there is none, by the root mean square error. Of two generators the later one: their losses only
 * say how they stand against their discriminators.
 */
export function isBetter(one: LossAndAccuracy, other: LossAndAccuracy): boolean {
  if (one.accuracy !== null && other.accuracy !== null) return one.accuracy > other.accuracy;
  if (one.generatorLoss !== undefined) return true;
  return (one.errors?.rootMeanSquare ?? Infinity) < (other.errors?.rootMeanSquare ?? Infinity);
}

/** Of the test set: of the last weights or their average, whichever is better. */
export function bestFigures({ test, averaged }: Pick<EpochFinished, 'test' | 'averaged'>): LossAndAccuracy {
  return averaged !== undefined && isBetter(averaged, test) ? averaged : test;
}

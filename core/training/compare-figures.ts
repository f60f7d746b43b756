import { gainOf, scoreOf } from '../figures/measured.ts';
import type { Measured } from '../figures/measured.ts';
import type { EpochFinished } from './events.ts';

/** By their score. Of two generators, which have none, the later one. */
export function isBetter(one: Measured, other: Measured): boolean {
  const score = scoreOf(one);
  if (score === null) return one.generatorLoss !== undefined;
  const before = other[score.figure.name];
  return before === undefined || gainOf(score.figure, score.value, before) > 0;
}

/** Of the test set: of the last weights or their average, whichever is better. */
export function bestFigures({ test, averaged }: Pick<EpochFinished, 'test' | 'averaged'>): Measured {
  return averaged !== undefined && isBetter(averaged, test) ? averaged : test;
}

import { gainOf, scoreOf } from '../figures/measured.ts';
import type { Measured } from '../figures/measured.ts';
import type { EpochFinished } from './events.ts';

/** By their score, of equal ones by their loss. Of two generators, which have none, the later one. */
export function isBetter(one: Measured, other: Measured): boolean {
  const score = scoreOf(one);
  if (score === null) return one.generatorLoss !== undefined;
  const before = other[score.figure.name];
  if (before === undefined) return true;
  const gain = gainOf(score.figure, score.value, before);
  return gain > 0 || (gain === 0 && one.loss < other.loss);
}

/** Of the test set: of the last weights or their average, whichever is better. */
export function bestFigures({ test, averaged }: Pick<EpochFinished, 'test' | 'averaged'>): Measured {
  return averaged !== undefined && isBetter(averaged, test) ? averaged : test;
}

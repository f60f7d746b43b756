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

/** Those of an epoch that are better on the test set. */
export function betterWeights({ test, averaged }: Pick<EpochFinished, 'test' | 'averaged'>): 'last' | 'averaged' {
  return averaged !== undefined && isBetter(averaged, test) ? 'averaged' : 'last';
}

/** Of the test set, by the better weights. */
export function bestFigures(epoch: Pick<EpochFinished, 'test' | 'averaged'>): Measured {
  return betterWeights(epoch) === 'averaged' ? epoch.averaged! : epoch.test;
}

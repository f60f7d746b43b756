import { adagrad } from './adagrad.ts';
import { adam, adamw } from './adam.ts';
import { lamb } from './lamb.ts';
import { lbfgs } from './lbfgs.ts';
import { muon } from './muon.ts';
import type { OptimizerType } from './optimizer-type.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** All there are, in the order of the window's list. */
export const optimizerTypes = [sgd, adam, adamw, lamb, muon, rmsprop, adagrad, lbfgs] as const;

export type OptimizerName = (typeof optimizerTypes)[number]['type'];

const byName = new Map<string, OptimizerType>(
  optimizerTypes.map((entry) => [entry.type, entry as unknown as OptimizerType]),
);

export function optimizerType(name: OptimizerName): OptimizerType {
  return byName.get(name)!;
}

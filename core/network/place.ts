import { noExpressions } from '../catalogue/read-options.ts';
import type { Evaluate } from '../catalogue/read-options.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { FailureError } from '../failure.ts';
import { evaluateExpression, parseExpression } from './expression.ts';
import type { Scope } from './expression.ts';
import { refusalFailure } from './refusal-failure.ts';

import type { ResolvedNode } from './resolved.ts';
import type { Blocks, Initialiser, NetworkNode } from './tree.ts';

/** Where a node stands, and what it has from the nodes around it. */
export interface Place {
  readonly path: string;
  readonly key: string;
  readonly blocks: Blocks;
  /** Values of the Block's parameters; null outside of Blocks. */
  readonly scope: Scope | null;
  /** Blocks being expanded, against a Block that contains itself. */
  readonly within: readonly string[];
  /** Initialisers of the nodes around, nearest first. */
  readonly rules: readonly Initialiser[];
  readonly frozen: boolean;
  /** Hears of every module that works, its parts before itself. */
  readonly resolved: (path: string, node: ResolvedNode) => void;
}

export function inherit(node: NetworkNode, around: Place): Place {
  if (node.initialise === undefined && node.frozen === undefined) return around;
  return {
    ...around,
    rules: [...(node.initialise ?? []), ...around.rules],
    frozen: node.frozen ?? around.frozen,
  };
}

export function inside(place: Place, step: string, name: string): Place {
  return { ...place, path: `${place.path}.${step}`, key: place.key === '' ? name : `${place.key}.${name}` };
}

export function evaluatorOf(scope: Scope | null): Evaluate {
  return scope === null ? noExpressions : (text) => evaluateExpression(parseExpression(text), scope);
}

/** Runs a rule for the node at `place`; a Refusal gets its address. `field` is to blame if the Refusal names no option. */
export function at<Result>(place: Place, type: string, rule: () => Result, field?: string): Result {
  try {
    return rule();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new FailureError(refusalFailure(error, place.path, type, field));
  }
}

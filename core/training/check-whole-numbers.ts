import { FailureError } from '../failure.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { takerOfWholeNumbers } from '../network/wants-whole-numbers.ts';
import type { Normalise } from '../project/project.ts';

/** Throws a FailureError where the network begins with a layer that takes whole numbers and the samples are scaled. */
export function refuseScaledIndices(normalise: Normalise, network: ResolvedNode): void {
  const taker = takerOfWholeNumbers(network);
  if (taker === null || keepsWholeNumbers(normalise)) return;
  throw new FailureError({
    code: 'badProject',
    message: `data.normalise scales the samples, but ${taker.layer} at ${taker.path} takes whole numbers as they are.`,
    at: 'data.normalise',
    advice: 'Do not scale them.',
    settings: [{ at: 'data.normalise', value: { kind: 'none' } }],
  });
}

function keepsWholeNumbers(normalise: Normalise): boolean {
  switch (normalise.kind) {
    case 'none':
      return true;
    case 'affine':
      return Number.isInteger(normalise.scale) && Number.isInteger(normalise.offset);
    case 'zscore':
      return [...(normalise.mean ?? [0.5])].every(Number.isInteger) && (normalise.std ?? [0]).every((std) => std === 1);
  }
}

import { lossType } from '../catalogue/losses/losses.ts';
import type { LossType } from '../catalogue/losses/loss-type.ts';
import { FailureError } from '../failure.ts';
import { keepsNumbers } from '../network/keeps-numbers.ts';
import type { ResolvedLayer, ResolvedNode } from '../network/resolved.ts';
import type { Loss } from '../project/project.ts';

type Expected = NonNullable<LossType['expects']>;

/** Layers that give what a loss expects, and what else would do: another loss over any numbers. */
const fitting: Readonly<Record<Expected, { readonly words: string; readonly end: string; readonly instead: string }>> =
  {
    logarithms: { words: 'the logarithms of probabilities', end: 'LogSoftmax', instead: 'CrossEntropy' },
    probabilities: { words: 'probabilities from 0 to 1', end: 'Sigmoid', instead: 'BCEWithLogits' },
  };

const probabilities = ['Sigmoid', 'Softmax', 'Softmax2d', 'Hardsigmoid', 'Softmin'];
const logarithms = ['LogSoftmax', 'LogSigmoid'];
/** Without weights, and their numbers may be of any size. */
const unbounded: ReadonlySet<string> = new Set([
  ...['ReLU', 'ReLU6', 'LeakyReLU', 'RReLU', 'ELU', 'SELU', 'CELU', 'GELU', 'SiLU', 'Mish', 'Hardswish', 'Softplus'],
  ...['Softsign', 'Softshrink', 'Hardshrink', 'Tanhshrink', 'Tanh', 'Hardtanh', 'Scale'],
]);

/**
 * Throws a FailureError where a loss over probabilities, or over their logarithms, gets what is certainly neither: the
 * loss then falls without end, or cannot be computed, and what is called a probability is none.
 */
export function refuseUnboundedOutput(loss: Loss, network: ResolvedNode): void {
  const expected = lossType(loss.type).expects;
  const last = lastLayer(network);
  if (expected === undefined || last === null || !isMisfitting(last, expected)) return;
  const { words, end, instead } = fitting[expected];
  throw new FailureError({
    code: 'badNetwork',
    message: `recipe.loss.type is ${loss.type}, which takes ${words}; the network ends with ${last.layer} at ${last.path}.`,
    at: 'recipe.loss.type',
    advice: `End the network with ${end}, or choose the loss ${instead}, which takes any numbers.`,
  });
}

function isMisfitting({ layer, parameters }: ResolvedLayer, expected: Expected): boolean {
  const others = expected === 'logarithms' ? probabilities : logarithms;
  return parameters.length > 0 || unbounded.has(layer) || others.includes(layer);
}

/** The layer whose numbers the network gives; null where it is not one layer alone. */
function lastLayer(node: ResolvedNode): ResolvedLayer | null {
  if (node.type === 'Layer') return node;
  if (node.type !== 'Sequential') return null;
  const computing = node.children.findLast((child) => !keepsNumbers(child));
  return computing === undefined ? null : lastLayer(computing);
}

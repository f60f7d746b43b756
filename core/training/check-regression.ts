import { formatShape } from '../catalogue/shape.ts';
import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import type { Loss } from '../project/project.ts';

/** Compare the output with a target of the same shape, number by number. */
const ofNumbers: readonly Loss['type'][] = ['MSE', 'L1', 'SmoothL1', 'Huber', 'PoissonNLL', 'PairwiseDistance'];

/** Throws a FailureError where the network does not give a number for each target, or the loss is one of classes. */
export function refuseMisfittingRegression(loss: Loss, output: Shape, targets: number): void {
  if (!ofNumbers.includes(loss.type)) {
    throw new FailureError({
      code: 'badProject',
      message: `recipe.loss.type is ${loss.type}, which needs classes; the data has numbers to tell.`,
      at: 'recipe.loss.type',
      advice: 'Use MSE, L1 or Huber, or set data.import.task to classification.',
    });
  }
  if (output.length === 1 && output[0] === targets) return;
  const numbers = targets === 1 ? 'one number to tell' : `${targets} numbers to tell`;
  throw new FailureError({
    code: 'badNetwork',
    message: `The network at networks.main gives ${formatShape(output)} for each sample; the data has ${numbers}.`,
    at: 'networks.main',
  });
}

import { formatShape } from '../catalogue/shape.ts';
import { lossType } from '../catalogue/losses/losses.ts';
import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import type { Loss } from '../project/project.ts';
import { counted } from '../format.ts';

/** Throws a FailureError where the network does not give a number for each target, or the loss is one of classes. */
export function refuseMisfittingRegression(loss: Loss, output: Shape, targets: number): void {
  if (lossType(loss.type).takesNumbers !== true) {
    throw new FailureError({
      code: 'badProject',
      message: `recipe.loss.type is ${loss.type}, which needs classes; the targets of the data are numbers.`,
      at: 'recipe.loss.type',
      advice: 'Use MSE, L1 or Huber, or set data.import.task to classification.',
    });
  }
  if (output.length === 1 && output[0] === targets) return;
  const wanted = counted(targets, 'target');
  throw new FailureError({
    code: 'badNetwork',
    message: `The network at networks.main gives ${formatShape(output)} for each sample; the data have ${wanted}.`,
    at: 'networks.main',
  });
}

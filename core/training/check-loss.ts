import { formatShape } from '../catalogue/shape.ts';
import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import type { Loss } from '../project/project.ts';

/** Throws a FailureError where the network's output is not one number per class, or the class weights are not. */
export function refuseMisfittingLoss(loss: Loss, output: Shape, classes: number): void {
  if (output.length !== 1 || output[0] !== classes) {
    throw new FailureError({
      code: 'badNetwork',
      message: `The network at networks.main gives ${formatShape(output)} for each sample; the loss ${loss.type} needs [${classes}], one number per class of the data.`,
      at: 'networks.main',
    });
  }
  const weights = loss.type === 'CrossEntropy' || loss.type === 'NLL' ? loss.classWeights : undefined;
  if (weights !== undefined && weights.length !== classes) {
    throw new FailureError({
      code: 'badProject',
      message: `recipe.loss.classWeights has ${weights.length} weights, the data has ${classes} classes.`,
      at: 'recipe.loss.classWeights',
    });
  }
}

import { formatShape } from '../catalogue/shape.ts';
import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import type { Loss } from '../project/project.ts';
import { refuseUnfedLoss } from './loss-needs.ts';
import { counted } from '../format.ts';

/**
 * Throws a FailureError where classes do not feed the loss, the network's output is not one number per class, or the
 * weights of classes are not.
 */
export function refuseMisfittingLoss(loss: Loss, output: Shape, classes: number): void {
  refuseUnfedLoss(loss);
  if (output.length !== 1 || output[0] !== classes) {
    throw new FailureError({
      code: 'badNetwork',
      message: `The network at networks.main gives ${formatShape(output)} for each sample; the loss ${loss.type} needs [${classes}], one number per class of the data.`,
      at: 'networks.main',
    });
  }
  if ('classWeights' in loss) {
    refuseOtherCount('classWeights', loss.classWeights, classes);
    refuseWithoutWeight(loss.classWeights);
  }
  if ('positiveWeights' in loss) refuseOtherCount('positiveWeights', loss.positiveWeights, classes);
}

function refuseWithoutWeight(weights: readonly number[] | undefined): void {
  if (weights === undefined || weights.some((weight) => weight > 0)) return;
  const at = 'recipe.loss.classWeights';
  throw new FailureError({
    code: 'badProject',
    message: `${at} are all 0: no class would count in the loss.`,
    at,
    advice: 'Give at least one class a weight above 0.',
  });
}

function refuseOtherCount(field: string, weights: readonly number[] | undefined, classes: number): void {
  if (weights === undefined || weights.length === classes) return;
  const at = `recipe.loss.${field}`;
  throw new FailureError({
    code: 'badProject',
    message: `${at} has ${counted(weights.length, 'weight')}, but the data have ${counted(classes, 'class', 'classes')}.`,
    at,
  });
}

import { lossType } from '../catalogue/losses/losses.ts';
import { FailureError } from '../failure.ts';
import type { Loss } from '../project/project.ts';

/** Whether a recipe can name the loss: the others the engine computes, but no data set has what they compare. */
export function isFed(type: Loss['type']): boolean {
  return lossType(type).compares === undefined;
}

/** Throws a FailureError for a loss that a class a sample does not feed. */
export function refuseUnfedLoss({ type }: Loss): void {
  if (isFed(type)) return;
  throw new FailureError({
    code: 'badProject',
    message: `recipe.loss.type is ${type}, which compares ${lossType(type).compares}; the data have samples with one class each.`,
    at: 'recipe.loss.type',
    advice: 'Use CrossEntropy, or another loss over classes such as MultiMargin.',
  });
}

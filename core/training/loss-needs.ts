import { FailureError } from '../failure.ts';
import type { Loss } from '../project/project.ts';

/** Losses that compare samples with one another, and what a data set of them would consist of. */
const compared: Partial<Readonly<Record<Loss['type'], string>>> = {
  CosineEmbedding: 'pairs of samples that are like or unlike each other',
  HingeEmbedding: 'pairs of samples that are like or unlike each other',
  MarginRanking: 'pairs of samples in their order',
  CosineSimilarity: 'pairs of samples',
  TripletMargin: 'triplets of an anchor, a sample like it and one unlike it',
  CTC: 'sequences with shorter sequences of labels',
};

/** Whether a recipe can name the loss: the others the engine computes, but no data set has what they compare. */
export function isFed(type: Loss['type']): boolean {
  return compared[type] === undefined;
}

/** Throws a FailureError for a loss that a class a sample does not feed. */
export function refuseUnfedLoss({ type }: Loss): void {
  if (isFed(type)) return;
  throw new FailureError({
    code: 'badProject',
    message: `recipe.loss.type is ${type}, which compares ${compared[type]}; the data has samples with one class each.`,
    at: 'recipe.loss.type',
    advice: 'Use CrossEntropy, or another loss over classes such as MultiMargin.',
  });
}

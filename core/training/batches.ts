import type { Recipe } from '../project/project.ts';

/** Batches that the training samples make, flipped copies among them: once through all, or without what is not full. */
export function batchesOfSamples(recipe: Recipe, samples: number): number {
  const batches = samples / recipe.batchSize;
  return dropsLast(recipe) ? Math.floor(batches) : Math.ceil(batches);
}

/** Samples that are trained in an epoch. */
export function samplesOfEpoch(recipe: Recipe, samples: number): number {
  if (recipe.kind === 'adversarial' && recipe.iterations !== undefined) {
    return recipe.iterations * Math.min(recipe.batchSize, samples);
  }
  return dropsLast(recipe) ? batchesOfSamples(recipe, samples) * recipe.batchSize : samples;
}

/** Optimizer steps of an epoch. */
export function stepsOfEpoch(recipe: Recipe, samples: number): number {
  const batches = batchesOfSamples(recipe, samples);
  return recipe.kind === 'adversarial' ? (recipe.iterations ?? batches) : Math.ceil(batches / (recipe.accumulate ?? 1));
}

export function dropsLast(recipe: Recipe): boolean {
  return recipe.kind === 'supervised' && recipe.dropLast === true;
}

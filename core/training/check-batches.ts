import { elementCount } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedLayer, ResolvedNode } from '../network/resolved.ts';
import type { Project, Recipe } from '../project/project.ts';
import { batchesOfSamples, dropsLast, stepsOfEpoch } from './batches.ts';

const batchNorm = /^BatchNorm[123]d$/;

/**
 * Throws a FailureError where a batch norm would get a batch with one value for each channel, as from one sample left
 * over at the end of an epoch: one value has no variance, and PyTorch refuses such a batch too.
 */
export function refuseSingleValues(
  project: Project,
  networks: readonly ResolvedNode[],
  trainSamples: number | undefined,
): void {
  if (trainSamples === undefined) return;
  const { recipe, data } = project;
  const samples = trainSamples * (data.augment?.flippedCopies === true ? 2 : 1);
  if (batchesOfSamples(recipe, samples) === 0) throw new FailureError(noBatches(samples, recipe.batchSize));
  const smallest = smallestBatch(recipe, samples);
  if (smallest !== 1) return;
  for (const network of networks) {
    for (const layer of layersOf(network)) {
      if (batchNorm.test(layer.layer) && valuesOfChannel(layer) === 1) {
        throw new FailureError(failureOf(layer, samples, recipe));
      }
    }
  }
}

function smallestBatch(recipe: Recipe, samples: number): number {
  const { batchSize } = recipe;
  if (dropsLast(recipe)) return batchSize;
  const batches = batchesOfSamples(recipe, samples);
  // A generator may be trained for fewer batches than the samples make.
  if (stepsOfEpoch(recipe, samples) < batches && recipe.kind === 'adversarial') return Math.min(batchSize, samples);
  return samples - (batches - 1) * batchSize;
}

/** Of one sample. */
function valuesOfChannel({ input }: ResolvedLayer): number {
  return elementCount(input.slice(1));
}

function noBatches(samples: number, batchSize: number): FailureError['failure'] {
  return {
    code: 'badProject',
    message:
      `recipe.dropLast leaves out every batch that is not full, but ${samples} training samples do not fill ` +
      `one batch of ${batchSize}.`,
    at: 'recipe.dropLast',
    advice: `Set recipe.batchSize to at most ${samples}, or recipe.dropLast to false.`,
  };
}

function failureOf({ layer, path }: ResolvedLayer, samples: number, recipe: Recipe): FailureError['failure'] {
  const { batchSize } = recipe;
  const remedy = layer === 'BatchNorm1d' ? 'LayerNorm' : 'GroupNorm';
  const instead = `or replace ${layer} with ${remedy}, which does not depend on the batch`;
  const fitting = fittingBatchSize(samples, recipe);
  const canDrop = recipe.kind === 'supervised' && batchSize > 1 && batchSize < samples;
  const dropping = canDrop ? 'turn on recipe.dropLast, ' : '';
  const settings = [
    ...(fitting === null ? [] : [{ at: 'recipe.batchSize', value: fitting }]),
    ...(canDrop ? [{ at: 'recipe.dropLast', value: true }] : []),
  ];
  return {
    code: 'badProject',
    message:
      `${layer} at ${path} needs at least two values per channel to compute a variance, but ` +
      (batchSize === 1
        ? 'recipe.batchSize is 1, and a sample has one value per channel there.'
        : `the last batch of an epoch has one sample: ${samples} training samples in batches of ${batchSize}.`),
    at: 'recipe.batchSize',
    advice:
      fitting === null
        ? `Add training samples, ${instead}.`
        : `Set recipe.batchSize to ${fitting}, ${dropping}${instead}.`,
    ...(settings.length > 0 && { settings }),
  };
}

/** The next larger one that leaves no single sample over, or else the next smaller; null: there is none. */
function fittingBatchSize(samples: number, { batchSize }: Recipe): number | null {
  const fits = (size: number): boolean => samples - (Math.ceil(samples / size) - 1) * size > 1;
  for (let size = batchSize + 1; size <= samples; size++) if (fits(size)) return size;
  for (let size = Math.min(batchSize, samples) - 1; size > 1; size--) if (fits(size)) return size;
  return null;
}

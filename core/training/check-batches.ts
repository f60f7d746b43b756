import { elementCount } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedLayer, ResolvedNode } from '../network/resolved.ts';
import type { Project } from '../project/project.ts';

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
  const iterations = recipe.kind === 'adversarial' ? (recipe.iterations ?? null) : null;
  const smallest = smallestBatch(samples, recipe.batchSize, iterations);
  if (smallest !== 1) return;
  for (const network of networks) {
    for (const layer of layersOf(network)) {
      if (batchNorm.test(layer.layer) && valuesOfChannel(layer) === 1) {
        throw new FailureError(failureOf(layer, samples, recipe.batchSize));
      }
    }
  }
}

/** `iterations`: batches of an epoch, where it is not once through the samples. */
function smallestBatch(samples: number, batchSize: number, iterations: number | null): number {
  const batches = Math.ceil(samples / batchSize);
  if (iterations !== null && iterations < batches) return Math.min(batchSize, samples);
  return samples - (batches - 1) * batchSize;
}

/** Of one sample. */
function valuesOfChannel({ input }: ResolvedLayer): number {
  return elementCount(input.slice(1));
}

function failureOf({ layer, path }: ResolvedLayer, samples: number, batchSize: number): FailureError['failure'] {
  const remedy = layer === 'BatchNorm1d' ? 'LayerNorm' : 'GroupNorm';
  const instead = `or replace ${layer} with ${remedy}, which does not depend on the batch`;
  const fitting = fittingBatchSize(samples, batchSize);
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
        : `Set recipe.batchSize to ${fitting} (--set recipe.batchSize=${fitting}), ${instead}.`,
  };
}

/** The next larger one that leaves no single sample over, or else the next smaller; null: there is none. */
function fittingBatchSize(samples: number, batchSize: number): number | null {
  const fits = (size: number): boolean => smallestBatch(samples, size, null) > 1;
  for (let size = batchSize + 1; size <= samples; size++) if (fits(size)) return size;
  for (let size = Math.min(batchSize, samples) - 1; size > 1; size--) if (fits(size)) return size;
  return null;
}

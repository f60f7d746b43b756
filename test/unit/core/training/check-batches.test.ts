import { expect, test } from 'vitest';
import { FailureError } from '../../../../core/failure.ts';
import type { Failure } from '../../../../core/failure.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { resolveProject } from '../../../../core/project/project-facts.ts';
import type { Project } from '../../../../core/project/project.ts';
import { checkAgainstData } from '../../../../core/training/check-against-data.ts';
import { refuseSingleValues } from '../../../../core/training/check-batches.ts';
import { small } from '../../../small-generator.ts';
import { smallDigits } from '../../../small-digits.ts';

const flatten: NetworkNode = { type: 'Flatten' };
const linear: NetworkNode = { type: 'Linear', options: { out_features: 10 } };
/** Leaves one pixel of 28 × 28. */
const toOnePixel: NetworkNode = { type: 'AvgPool2d', options: { kernel_size: 28 } };

function projectOf(children: readonly NetworkNode[], batchSize: number, flippedCopies = false): Project {
  return {
    ...smallDigits,
    networks: { main: { type: 'Sequential', children } },
    data: { ...smallDigits.data, augment: flippedCopies ? { flippedCopies } : {} },
    recipe: { ...smallDigits.recipe, batchSize },
  };
}

/** What it is refused with; null: nothing. */
function failureOf(project: Project, trainSamples: number) {
  const resolution = resolveProject(project, [1, 28, 28]);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  try {
    refuseSingleValues(project, [resolution.network], trainSamples);
    return null;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
}

/** The value that a failure proposes for a setting, which its advice names. */
function proposed(failure: Failure | null, at: string): unknown {
  const found = failure?.settings?.find((setting) => setting.at === at);
  if (found !== undefined) expect(failure?.advice).toContain(at);
  return found?.value;
}

const vectors = [flatten, linear, { type: 'BatchNorm1d' }] as const;
const pixels = [toOnePixel, { type: 'BatchNorm2d' }, flatten, linear] as const;
const images = [{ type: 'BatchNorm2d' }, flatten, linear] as const;

test('one sample left over at the end of an epoch: the layer, the sizes and a size that works', () => {
  const failure = failureOf(projectOf(vectors, 13), 40);
  expect(failure).toMatchObject({ code: 'badProject', at: 'recipe.batchSize' });
  expect(failure?.message).toMatch(/BatchNorm1d at networks\.main\.children\[2\].*40.*13/);
  const size = proposed(failure, 'recipe.batchSize');
  expect(size).toBeTypeOf('number');
  expect(failureOf(projectOf(vectors, size as number), 40)).toBeNull();
});

test('whatever gives one value a channel: pixels too, batches of one, a single sample', () => {
  expect(failureOf(projectOf(pixels, 13), 40)?.message).toMatch(/BatchNorm2d/);
  expect(failureOf(projectOf(vectors, 1), 40)).not.toBeNull();
  expect(failureOf(projectOf(vectors, 10), 1)).not.toBeNull();
  expect(failureOf(projectOf(vectors, 79, true), 40)).not.toBeNull();
});

test('without incomplete batches nothing is left over; the advice names them, and batches there must be', () => {
  const dropping = (batchSize: number): Project => {
    const project = projectOf(vectors, batchSize);
    return { ...project, recipe: { ...project.recipe, dropLast: true } as Project['recipe'] };
  };
  expect(proposed(failureOf(projectOf(vectors, 13), 40), 'recipe.dropLast')).toBe(true);
  expect(failureOf(dropping(13), 40)).toBeNull();
  expect(failureOf(dropping(40), 40)).toBeNull();
  expect(failureOf(dropping(41), 40)).toMatchObject({ code: 'badProject', at: 'recipe.dropLast' });
  const single = failureOf(dropping(1), 40);
  expect(single).toMatchObject({ at: 'recipe.batchSize' });
  expect(proposed(single, 'recipe.dropLast')).toBeUndefined();
});

test('is a problem of the project, whether it is edited or planned', () => {
  const facts = { inputShape: [1, 28, 28], classes: 10, trainSamples: 40 };
  const found = (batchSize: number) => checkAgainstData(projectOf(vectors, batchSize), facts).map(({ at }) => at);
  expect(found(13)).toEqual(['recipe.batchSize']);
  expect(found(14)).toEqual([]);
});

test('nothing where each channel has more values, or no batch has one sample', () => {
  expect(failureOf(projectOf(images, 13), 40)).toBeNull();
  expect(failureOf(projectOf(vectors, 13), 41)).toBeNull();
  expect(failureOf(projectOf(vectors, 13, true), 40)).toBeNull();
  expect(failureOf(projectOf([flatten, linear, { type: 'LayerNorm', options: { normalized_shape: [10] } }], 13), 40)).toBeNull(); // prettier-ignore
});

test('a generator that is trained for fewer iterations than there are batches never comes to the last', () => {
  const ofIterations = (iterations: number): Project => ({ ...small, recipe: { ...small.recipe, batchSize: 13, iterations } as Project['recipe'] }); // prettier-ignore
  expect(failureOf(ofIterations(3), 40)).toBeNull();
  expect(failureOf(ofIterations(4), 40)).not.toBeNull();
});

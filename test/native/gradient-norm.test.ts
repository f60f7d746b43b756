import path from 'node:path';
import { expect, test } from 'vitest';
import type { SupervisedRecipe } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { readSafetensors } from './safetensors.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();

/** Plain SGD moves the weights by rate · gradient: what they moved by, divided by the rate, is the norm. */
const rate = 0.5;

/** Linear layers; channels-last convolutions with normalisation, several batches a step. */
const cases = [
  { recipe: 'mnist-linear', source: 'mnist', accumulate: 1 },
  { recipe: 'lesson-convbn', source: 'cifar10', accumulate: 3 },
] as const;
type Case = (typeof cases)[number];

test.each(cases)('$recipe: the norm of the gradients is what plain SGD moves the weights by', async (of) => {
  const { measured, moved } = await takeOneStep(of);
  expect(measured / moved).toBeCloseTo(1, 4);
});

test.each(cases)('$recipe: it is measured before clipping', async (of) => {
  const free = await takeOneStep(of);
  const at = free.measured / 10;
  const clipped = await takeOneStep(of, { clip: { kind: 'norm', at } });
  expect(clipped.measured).toBe(free.measured);
  expect(clipped.moved / at).toBeCloseTo(1, 3);
});

async function takeOneStep(
  { recipe, source, accumulate }: Case,
  settings: Pick<SupervisedRecipe, 'clip'> = {},
): Promise<{ readonly measured: number; readonly moved: number }> {
  const parsed = await readRecipe(recipe);
  const optimizer = { type: 'SGD' } as const;
  const changed = { ...(parsed.recipe as SupervisedRecipe), optimizer, batchSize: 8, accumulate, ...settings };
  const split = await writeExcerpt(source, 48, folder());
  const plan = planOn({ ...parsed, recipe: changed }, { source, split }, { seed: 3, shuffle: true });
  const session = await addon.createSession(JSON.stringify(plan));
  try {
    const { parameters, stepsPerEpoch } = session.describe();
    const weights = async (name: string): Promise<Float64Array> => {
      const file = path.join(folder(), name);
      await session.saveWeights(file);
      const tensors = await readSafetensors(file);
      return Float64Array.from(
        parameters.flatMap(({ name }) => [...((tensors.get(name)?.data ?? []) as Float32Array)]),
      );
    };
    const before = await weights('before');
    const learningRates = new Float64Array(stepsPerEpoch).fill(rate);
    const { gradientNorm } = await session.train({ learningRates, maxSteps: 1 });
    const after = await weights('after');
    return {
      measured: gradientNorm ?? NaN,
      moved: distance(before, after) / rate,
    };
  } finally {
    await session.close();
  }
}

function distance(from: Float64Array, to: Float64Array): number {
  return Math.sqrt(to.reduce((sum, value, index) => sum + (value - (from[index] ?? NaN)) ** 2, 0));
}

// drop_last of torch.utils.data.DataLoader: the last batch of an epoch is left out where it is not full.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { SupervisedRecipe } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const batchSize = 16;

async function trained(samples: number, settings: Partial<SupervisedRecipe>) {
  const project = await readRecipe('lesson-convbn');
  const recipe = { ...(project.recipe as SupervisedRecipe), batchSize, ...settings };
  const split = await writeExcerpt('cifar10', samples, folder());
  const plan = planOn(
    { ...project, data: { ...project.data, augment: {} }, recipe },
    { source: 'cifar10', split },
    { seed: 3, shuffle: false },
  );
  const session = await loadAddon().createSession(JSON.stringify(plan));
  try {
    const { stepsPerEpoch } = session.describe();
    const outcome = await session.train({ learningRates: new Float64Array(stepsPerEpoch).fill(0.01) });
    const file = path.join(folder(), 'weights.safetensors');
    await session.saveWeights(file);
    return { stepsPerEpoch, outcome, weights: await readFile(file) };
  } finally {
    await session.close();
  }
}

test('it trains as if the samples that are left over were not there', async () => {
  const found = await trained(47, { dropLast: true });
  const whole = await trained(32, {});
  expect(found.stepsPerEpoch).toBe(2);
  expect(found.outcome.samples).toBe(32);
  expect(found.outcome.batchLosses).toEqual(whole.outcome.batchLosses);
  expect(found.weights.equals(whole.weights)).toBe(true);
  expect((await trained(47, {})).stepsPerEpoch).toBe(3);
});

test('steps of several batches have those that are left', async () => {
  const found = await trained(47, { dropLast: true, accumulate: 4 });
  expect(found.stepsPerEpoch).toBe(1);
  expect(found.outcome.batchLosses).toHaveLength(2);
});

test('statistics of averaged weights are of the batches that are trained', async () => {
  // A batch of one sample would have no variance: PyTorch refuses it, and so does the plan without dropLast.
  const averaging = { kind: 'swa', fromEpoch: 1 } as const;
  const found = await averagedLoss(33, { dropLast: true, averaging });
  expect(found).toBe(await averagedLoss(32, { averaging }));
});

async function averagedLoss(samples: number, settings: Partial<SupervisedRecipe>): Promise<number> {
  const project = await readRecipe('lesson-convbn');
  const recipe = { ...(project.recipe as SupervisedRecipe), batchSize, ...settings };
  const train = await writeExcerpt('cifar10', samples, folder());
  const test = await writeExcerpt('cifar10', 24, folder());
  const plan = planOn(
    { ...project, data: { ...project.data, augment: {} }, recipe },
    { source: 'cifar10', split: train },
    { seed: 3, shuffle: false },
  );
  const session = await loadAddon().createSession(JSON.stringify({ ...plan, data: { ...plan.data, test } }));
  try {
    const { stepsPerEpoch } = session.describe();
    await session.train({ learningRates: new Float64Array(stepsPerEpoch).fill(0.01), average: true });
    return (await session.evaluate('test', 'averaged')).loss;
  } finally {
    await session.close();
  }
}

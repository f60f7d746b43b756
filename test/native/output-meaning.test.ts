import path from 'node:path';
import { expect, test } from 'vitest';
import { classProbabilities, outputMeaning } from '../../core/catalogue/losses/output-meaning.ts';
import { lossType, lossTypes } from '../../core/catalogue/losses/losses.ts';
import type { LossName } from '../../core/catalogue/losses/losses.ts';
import type { SupervisedRecipe } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { openSession } from '../../main/engine/open-session.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();
const samples = 8;

/** Those that a classifier can be trained with, and the one whose meaning hangs on an option. */
const losses = [
  ...lossTypes.filter((entry) => !('compares' in entry)).map(({ type }) => ({ type })),
  { type: 'PoissonNLL', logInput: false },
];

test.each(losses)('%j: the classes have the probabilities that the engine gives', async (loss) => {
  const recipe = await readRecipe('mnist-logit');
  const end = {
    probabilities: [{ type: 'Sigmoid' }],
    logarithms: [{ type: 'LogSoftmax', options: { dim: 1 } }],
    anything: [],
  };
  const { expects = 'anything' } = lossType(loss.type as LossName);
  const children = [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }, ...end[expects]];
  const project = {
    ...recipe,
    networks: { main: { type: 'Sequential' as const, children } },
    recipe: { ...(recipe.recipe as SupervisedRecipe), loss, batchSize: samples } as SupervisedRecipe,
  };
  const split = await writeExcerpt('mnist', samples, folder());
  const plan = planOn(project, { source: 'mnist', split }, { seed: 1, shuffle: false });
  const session = await openSession(addon, plan);
  try {
    const { probabilities } = await session.predict('test');
    const checkpoint = path.join(folder(), `${loss.type}-${String('logInput' in loss)}`);
    await session.saveCheckpoint(checkpoint, '');
    const input = await session.samples('test', samples);
    const weights = path.join(checkpoint, 'model.safetensors');
    const { outputs } = await addon.runNetwork(JSON.stringify(plan.network), weights, [input], false);
    const meaning = outputMeaning(plan.training.loss);
    const each = Array.from({ length: samples }, (_, sample) => [
      ...classProbabilities(outputs[0]!.data.subarray(10 * sample, 10 * (sample + 1)), meaning),
    ]);
    expectClose('probabilities', probabilities, each.flat(), 1e-5);
    expect(Math.min(...each.flat())).toBeGreaterThanOrEqual(0);
    expect(Math.max(...each.flat())).toBeLessThanOrEqual(1);
    expect(new Set(each.flat().map((value) => value.toFixed(6))).size).toBeGreaterThan(10);
  } finally {
    await session.close();
  }
});

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import { emptyProject } from '../../core/project/empty-project.ts';
import type { Project } from '../../core/project/project.ts';
import type { Plan } from '../../core/training/plan.ts';
import { layersOfPlan } from '../../core/training/plan-layers.ts';
import type { StepTimes } from '../../core/training/step-profile.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import type { Source } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();
const rate = 0.01;
const take = { warmUp: 1, steps: 3, leastSteps: 3, maxSeconds: 60, learningRate: rate, discriminatorRate: rate };

/** Dropout and pooling; Residuals, Blocks and augmentation; a Recurrent; two networks; an optimizer that computes the loss again. */
const recipes: readonly (readonly [string, Source])[] = [
  ['mnist-conv', 'mnist'],
  ['lesson-resnet', 'cifar10'],
  ['mnist-lstm', 'mnist'],
  ['mnist-gan', 'mnist'],
  ['mnist-cgan', 'mnist'],
  ['mnist-lbfgs', 'mnist'],
];

test.each(recipes)(
  '%s: at every moment of a step one row is charged, and every module has one',
  async (name, source) => {
    const plan = await planOf(await readRecipe(name), source);
    const times = await profileOf(plan);
    expect(times.state).toBe('finished');
    expect(times.profiledSeconds).toHaveLength(3);
    expect(times.plainSeconds).toHaveLength(3);
    for (const [step, whole] of times.profiledSeconds.entries()) {
      const rows = times.rows.flatMap(({ forward, backward }) => [forward[step]!, backward[step]!]);
      expect(Math.min(...rows)).toBeGreaterThanOrEqual(0);
      expect(rows.reduce((sum, seconds) => sum + seconds, 0) / whole).toBeCloseTo(1, 9);
    }
    const rowOf = new Map(times.rows.map((row) => [row.name, row]));
    const layers = [plan.network, ...(plan.adversarial ? [plan.adversarial.discriminator] : [])].flatMap((network) => [
      ...layersOfPlan(network),
    ]);
    expect(layers.length).toBeGreaterThan(0);
    for (const { path: module } of layers.filter(({ path: at }) => !at.includes('.evaluation'))) {
      expect(rowOf.get(module)!.forward[0]).toBeGreaterThan(0);
    }
    // Each layer with weights runs something backward, whatever its place.
    for (const { path: module } of layers.filter(({ layer }) => /^(Conv|Linear|LSTM|BatchNorm)/.test(layer))) {
      expect(rowOf.get(module)!.backward[0]).toBeGreaterThan(0);
    }
    for (const part of ['data', 'loss', 'optimizer', 'figures']) expect(rowOf.get(part)!.forward[0]).toBeGreaterThan(0);
  },
);

test('a profiled step computes what a step of a training does, to the last bit', async () => {
  const plan = await planOf(await readRecipe('lesson-resnet'), 'cifar10');
  const profiled = await addon.createSession(JSON.stringify(plan));
  // One before, then three pairs of a plain and a profiled step.
  await profiled.profile(take);
  const trained = await addon.createSession(JSON.stringify(plan));
  const { stepsPerEpoch } = trained.describe();
  const learningRates = new Float64Array(stepsPerEpoch).fill(rate);
  for (let step = 0; step < 7; step++) await trained.train({ learningRates, maxSteps: 1 });
  const weights = await Promise.all(
    [profiled, trained].map(async (session, index) => {
      const file = path.join(folder(), `${index}.safetensors`);
      await session.saveWeights(file);
      await session.close();
      return readFile(file);
    }),
  );
  expect(weights[0]!.equals(weights[1]!)).toBe(true);
});

const convolution = (channels: number): NetworkNode => ({
  type: 'Conv2d',
  options: { out_channels: channels, kernel_size: 5, padding: 2 },
});

test('time backward and outputs belong to the module that made them', async () => {
  const project: Project = {
    ...emptyProject,
    networks: {
      main: {
        type: 'Sequential',
        children: [
          convolution(2),
          { type: 'Residual', body: { type: 'Sequential', children: [convolution(64), convolution(2)] } },
          { type: 'ReLU' },
          { type: 'Flatten' },
          { type: 'Linear', options: { out_features: 10 } },
        ],
      },
    },
    data: { ...emptyProject.data, source: 'mnist' },
    recipe: { ...emptyProject.recipe, batchSize: 20 },
  };
  const times = await profileOf(await planOf(project, 'mnist', 20));
  const rowOf = new Map(times.rows.map((row) => [row.name.replace('networks.main', ''), row]));
  const backward = (name: string): number => Math.min(...rowOf.get(name)!.backward);
  // 32 times the products of the first one, and gradients of its input too.
  for (const large of ['.children[1].body.children[0]', '.children[1].body.children[1]']) {
    for (const small of ['.children[2]', '.children[3]', '.children[4]']) {
      expect(backward(large)).toBeGreaterThan(backward(small));
    }
  }
  const floats = (name: string): number => rowOf.get(name)!.outputBytes / 4 / 20;
  expect(floats('.children[0]')).toBe(2 * 28 * 28);
  expect(floats('.children[1].body.children[0]')).toBe(64 * 28 * 28);
  // The sum is written into what the body gave, and ReLU into that; Flatten copies what lies channels-last.
  expect(['.children[1]', '.children[2]'].map(floats)).toEqual([0, 0]);
  expect(floats('.children[3]')).toBe(2 * 28 * 28);
  expect(floats('.children[4]')).toBe(10);
});

test('it ends where it is told to, and where the loss is no number', async () => {
  const plan = await planOf(await readRecipe('mnist-conv'), 'mnist');
  const session = await addon.createSession(JSON.stringify(plan));
  const long = session.profile({ ...take, steps: 1e6, maxSeconds: 1e6 });
  session.interrupt();
  expect((await long).state).toBe('interrupted');
  const short = await session.profile({ ...take, steps: 1e6, maxSeconds: 0 });
  expect(short.state).toBe('finished');
  expect(short.profiledSeconds).toHaveLength(take.leastSteps);
  expect((await session.profile({ ...take, learningRate: 1e30, steps: 50 })).state).toBe('diverged');
  await session.close();
});

async function planOf(project: Project, source: Source, batchSize = 8): Promise<Plan> {
  const split = await writeExcerpt(source, 40, folder());
  const recipe = { ...project.recipe, batchSize } as Project['recipe'];
  return planOn({ ...project, recipe }, { source, split }, { seed: 7, shuffle: true });
}

async function profileOf(plan: Plan): Promise<StepTimes> {
  const session = await addon.createSession(JSON.stringify(plan));
  try {
    return await session.profile(take);
  } finally {
    await session.close();
  }
}

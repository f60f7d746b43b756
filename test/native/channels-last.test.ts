import path from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Project } from '../../core/project/project.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { inputShapes, writeExcerpt } from './excerpts.ts';
import { readSafetensors } from './safetensors.ts';

const folder = temporaryFolder();
const addon = loadAddon();
const [batchSize, steps] = [8, 6];

const unit: NetworkNode = {
  type: 'Sequential',
  children: [
    { type: 'Conv2d', options: { out_channels: 16, kernel_size: 3, padding: 1, bias: false } },
    { type: 'BatchNorm2d' },
    { type: 'ReLU' },
  ],
};

const network: NetworkNode = {
  type: 'Sequential',
  children: [
    unit,
    { type: 'Residual', body: unit },
    { type: 'MaxPool2d', options: { kernel_size: 2 } },
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 10 } },
  ],
};

interface Training {
  readonly losses: readonly number[];
  readonly probabilities: Float32Array;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** From the same weights, with the same batches. */
async function trained(channelsLast?: boolean): Promise<Training> {
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name: 'layouts',
    networks: { main: network },
    data: { source: 'cifar10', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD', momentum: 0.9 },
      schedule: { type: 'Constant', rate: 1 },
      batchSize,
      epochs: 1,
      ...(channelsLast === undefined ? {} : { channelsLast }),
    },
  };
  const split = await writeExcerpt('cifar10', batchSize * steps, folder());
  const data = { inputShape: inputShapes.cifar10, classes: 10, train: split, test: split };
  const made = makePlan(project, { ...data, device: 'cpu', threads: 1, seed: 3, shuffle: false });
  if (!made.ok) throw new Error(made.failures[0]?.message);
  const session = await addon.createSession(JSON.stringify(made.plan));
  // Small: at five times the rate a step turns what rounding left of the step before into 1.4e-5 on some processors.
  const { batchLosses } = await session.train({ learningRates: new Float64Array(steps).fill(0.001) });
  const { probabilities } = await session.predict('test');
  const file = path.join(folder(), 'weights.safetensors');
  await session.saveWeights(file);
  await session.close();
  const tensors = [...(await readSafetensors(file))].flatMap(([name, { data: values }]) =>
    values instanceof Float32Array ? [[name, values] as const] : [],
  );
  return { losses: [...batchLosses], probabilities, weights: new Map(tensors) };
}

test('either layout in memory trains to the same network, but for rounding', async () => {
  const [last, first] = [await trained(true), await trained(false)];
  expectClose('losses', first.losses, last.losses, 1e-5);
  expectClose('probabilities', first.probabilities, last.probabilities, 1e-4);
  // Files know one layout: values stand where they stand, whichever the training had.
  for (const [name, values] of last.weights) expectClose(name, first.weights.get(name)!, values, 1e-4);
  // Sums in another order: the setting has come through to the engine.
  expect([...first.weights.values()].map((values) => [...values])).not.toEqual(
    [...last.weights.values()].map((values) => [...values]),
  );
});

test('channels last is what a network with convolutions has by itself', async () => {
  expect(await trained()).toEqual(await trained(true));
});

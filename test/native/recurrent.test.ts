import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Plan, PlanNode, PlanOptionValue } from '../../core/training/plan.ts';
import type { EngineSession, ModuleAnswer, TrainOutcome } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { readSafetensors } from './safetensors.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();

/** Six batches an epoch, the last of them smaller. */
const samples = 110;
const batchSize = 20;
const steps = 6;

interface Settings {
  readonly carry: boolean;
  readonly dropout?: number;
  readonly shuffle?: boolean;
  readonly seed?: number;
}

async function planOf({ carry, dropout = 0, shuffle = false, seed = 7 }: Settings): Promise<Plan> {
  const split = await writeExcerpt('mnist', samples, folder());
  const main: NetworkNode = {
    type: 'Sequential',
    children: [
      { type: 'Squeeze', options: { dim: 1 } },
      {
        type: 'Recurrent',
        handsOn: ['last'],
        carry,
        body: { type: 'LSTM', options: { hidden_size: 12, num_layers: 2, dropout } },
        after: { type: 'Linear', options: { out_features: 10 } },
      },
    ],
  };
  return planOn(
    {
      format: 'torchwright-project',
      version: 1,
      name: 'recurrent',
      networks: { main },
      data: { source: 'mnist', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
      recipe: {
        kind: 'supervised',
        loss: { type: 'CrossEntropy' },
        optimizer: { type: 'Adam' },
        schedule: { type: 'Constant', rate: 1 },
        batchSize,
        evaluateBatchSize: 50,
        epochs: 2,
      },
    },
    { source: 'mnist', split },
    { seed, shuffle },
  );
}

function open(plan: Plan): Promise<EngineSession> {
  return addon.createSession(JSON.stringify(plan));
}

const learning = new Float64Array(steps).fill(0.01);
const standing = new Float64Array(steps).fill(0);

/** To the end of the second epoch: the weights as they lie in the file, and the losses of the epochs' batches. */
async function trainTwoEpochs(session: EngineSession, learningRates = learning): Promise<[Buffer, number[][]]> {
  const outcomes: TrainOutcome[] = [];
  for (let epoch = 0; epoch < 2; ++epoch) outcomes.push(await session.train({ learningRates }));
  const file = path.join(folder(), 'weights.safetensors');
  await session.saveWeights(file);
  await session.close();
  return [await readFile(file), outcomes.map(({ batchLosses }) => [...batchLosses])];
}

test('carried state: the same seed gives the same weights, and training goes on from within an epoch, to the last bit', async () => {
  const plan = await planOf({ carry: true, dropout: 0.3, shuffle: true });
  const [uninterrupted, losses] = await trainTwoEpochs(await open(plan));
  const [again] = await trainTwoEpochs(await open(plan));
  expect(again.equals(uninterrupted)).toBe(true);

  const broken = await open(plan);
  expect((await broken.train({ learningRates: learning, maxSteps: 4 })).state).toBe('paused');
  const checkpoint = path.join(folder(), 'checkpoint');
  await broken.saveCheckpoint(checkpoint, '');
  // An evaluation in between carries a state of its own.
  await broken.evaluate('test');
  const [saved] = await trainTwoEpochs(broken);
  expect(saved.equals(uninterrupted)).toBe(true);

  const resumed = await open({ ...plan, seed: 99 });
  await resumed.loadCheckpoint(checkpoint);
  const [resumedWeights, resumedLosses] = await trainTwoEpochs(resumed);
  expect(resumedWeights.equals(uninterrupted)).toBe(true);
  expect(resumedLosses).toEqual(losses);
});

test('a carried state changes every batch but the first, and is zero again in every epoch and every evaluation', async () => {
  const session = await open(await planOf({ carry: true }));
  const evaluations = [await session.evaluate('test'), await session.evaluate('test')];
  expect(evaluations[1]).toEqual(evaluations[0]);
  const [, [carried, carriedAgain]] = await trainTwoEpochs(session, standing);
  expect(carriedAgain).toEqual(carried);

  const fresh = await open(await planOf({ carry: false }));
  expect((await fresh.evaluate('test')).loss).not.toBe(evaluations[0]!.loss);
  const [, [uncarried]] = await trainTwoEpochs(fresh, standing);
  expect(carried).toHaveLength(steps);
  expect(carried![0]).toBe(uncarried![0]);
  for (let batch = 1; batch < steps; batch++) expect(carried![batch]).not.toBe(uncarried![batch]);
});

test("weights begin even between the bounds 1 / √hidden, under PyTorch's names", async () => {
  const session = await open(await planOf({ carry: false }));
  const file = path.join(folder(), 'begun.safetensors');
  await session.saveWeights(file);
  await session.close();
  const tensors = [...(await readSafetensors(file))].filter(([name]) => name.includes('.body.'));
  const of = (layer: number) =>
    ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => `1.body.${name}_l${layer}`);
  expect(tensors.map(([name]) => name).toSorted()).toEqual([...of(0), ...of(1)].toSorted());
  const bound = 1 / Math.sqrt(12);
  for (const [, { data }] of tensors) {
    // Of the 48 elements of the smallest nearly surely one lies in the upper fifth of the bounds.
    const largest = Math.max(...(data as Float32Array).map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.8 * bound);
  }
});

function gru(options: Readonly<Record<string, PlanOptionValue>>): PlanNode {
  const all = {
    input_size: 3,
    hidden_size: 4,
    num_layers: 2,
    bias: true,
    dropout: 0,
    bidirectional: false,
    ...options,
  };
  const place = { path: 'networks.main', key: 'gru', initialise: [], frozen: false };
  return { type: 'Layer', layer: 'GRU', options: all, ...place };
}

const input = Float32Array.from({ length: 5 * 6 * 3 }, (_, index) => Math.sin(index));

function compute(node: PlanNode, more: { readonly training?: boolean; readonly threads?: number } = {}): ModuleAnswer {
  const question = { shape: [5, 6, 3], input, training: true, seed: 7, threads: 1, ...more };
  return addon.computeModule(JSON.stringify(node), question);
}

test('dropout lies between the layers, while training, and draws from the seed alone', () => {
  const plain = compute(gru({})).output;
  expect(compute(gru({ dropout: 0.5 }), { training: false }).output).toEqual(plain);
  expect(compute(gru({ dropout: 0.5, num_layers: 1 })).output).toEqual(compute(gru({ num_layers: 1 })).output);
  const dropped = compute(gru({ dropout: 0.5 })).output;
  expect(dropped).not.toEqual(plain);
  expect(compute(gru({ dropout: 0.5 }), { threads: 2 }).output).toEqual(dropped);
  // Nothing reaches the second layer.
  expect(new Set(compute(gru({ dropout: 1 })).inputGradient)).toEqual(new Set([0]));
});

test('what a recurrent layer refuses is told with its place', () => {
  const body = { ...gru({ input_size: 4 }), path: 'networks.main.body' };
  const place = { path: 'networks.main', key: '', before: null, after: null };
  const node: PlanNode = { type: 'Recurrent', body, handsOn: ['sequence'], carry: false, ...place };
  expect(() => compute(node)).toThrow(expect.objectContaining({ code: 'badNetwork', at: 'networks.main.body' }));
});

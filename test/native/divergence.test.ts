import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Project } from '../../core/project/project.ts';
import { explainDivergence } from '../../core/training/explain-divergence.ts';
import type { DivergenceCause, FoundDivergence } from '../../core/training/explain-divergence.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan, SplitFiles } from '../../core/training/plan.ts';
import { formatNpyHeader } from '../../main/datasets/import/npy-header.ts';
import type { EngineSession, TrainOutcome } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';

const folder = temporaryFolder();
const addon = loadAddon();
const opened: EngineSession[] = [];
afterAll(() => Promise.all(opened.map((session) => session.close())));

const linear = (features: number): NetworkNode => ({ type: 'Linear', options: { out_features: features } });

interface Subject {
  readonly name: string;
  readonly children: readonly NetworkNode[];
  /** One row a sample, all of this shape. */
  readonly shape: readonly number[];
  readonly inputs: readonly (readonly number[])[];
  /** Of a regression; absent: classes 0 and 1 in turn. */
  readonly targets?: readonly number[];
  readonly rate?: number;
}

const samples = 8;
const plainRows = Array.from({ length: samples }, (_, row) => [row / 8, 1 - row / 4]);

async function writeArray(file: string, type: '<f4' | '<i8', shape: readonly number[], data: ArrayBufferView) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  await writeFile(file, Buffer.concat([formatNpyHeader(type, shape), bytes]));
}

async function planOf({ name, children, shape, inputs, targets, rate = 0.1 }: Subject): Promise<Plan> {
  const place = path.join(folder(), name);
  await mkdir(place);
  const split: SplitFiles = { format: 'arrays', inputs: path.join(place, 'x.npy'), targets: path.join(place, 'y.npy') };
  await writeArray(split.inputs, '<f4', [samples, ...shape], Float32Array.from(inputs.flat()));
  if (targets) await writeArray(split.targets, '<f4', [samples, 1], Float32Array.from(targets));
  else
    await writeArray(
      split.targets,
      '<i8',
      [samples],
      BigInt64Array.from(inputs, (_, row) => BigInt(row % 2)),
    );
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name,
    networks: { main: { type: 'Sequential', children } },
    data: { source: 'table.csv', normalise: { kind: 'affine', scale: 1, offset: 0 } },
    recipe: {
      kind: 'supervised',
      loss: targets ? { type: 'MSE' } : { type: 'CrossEntropy' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate },
      batchSize: 2,
      epochs: 1,
    },
  };
  const made = makePlan(project, {
    ...{ inputShape: shape, classes: targets ? 0 : 2, values: { kind: 'floats' }, train: split, test: split },
    ...(targets ? { targets: 1 } : {}),
    ...{ device: 'cpu', threads: 1, seed: 1, shuffle: false },
  });
  if (!made.ok) throw new Error(made.failures.map(({ message }) => message).join('\n'));
  return made.plan;
}

async function open(subject: Subject): Promise<{ readonly plan: Plan; readonly session: EngineSession }> {
  const plan = await planOf(subject);
  const session = await addon.createSession(JSON.stringify(plan));
  opened.push(session);
  return { plan, session };
}

function train(session: EngineSession, rate = 0.1): Promise<TrainOutcome> {
  return session.train({ learningRates: new Float64Array(samples / 2).fill(rate) });
}

/** Trains into it, and asks why. */
async function causeOf(
  subject: Subject,
): Promise<{ readonly found: FoundDivergence; readonly cause: DivergenceCause | null }> {
  const { plan, session } = await open(subject);
  const { state, step, batchLosses } = await train(session, subject.rate);
  expect(state).toBe('diverged');
  const found = await session.findDivergence('train');
  const losses = batchLosses.filter(Number.isFinite);
  const rateBefore = step === 0 ? null : (subject.rate ?? 0.1);
  return { found, cause: explainDivergence(found, { plan, where: 'train', losses, rateBefore, beganWith: null }) };
}

test('input values: the samples are named', async () => {
  const inputs = plainRows.map((row, index) => (index === 5 ? [NaN, 1] : row));
  const { found, cause } = await causeOf({ name: 'input', children: [linear(2)], shape: [2], inputs });
  expect(found).toMatchObject({ samples: [5], targets: [], parameters: [] });
  expect(cause).toMatchObject({ kind: 'input', at: 'data.source' });
  expect(cause?.sentence).toMatch(/\b5\b/);
});

test('targets: likewise', async () => {
  const targets = plainRows.map((_, index) => (index === 2 ? Infinity : index));
  const { found, cause } = await causeOf({
    ...{ name: 'target', children: [linear(1)], shape: [2], inputs: plainRows, targets },
  });
  expect(found).toMatchObject({ samples: [], targets: [2] });
  expect(cause).toMatchObject({ kind: 'target', at: 'data.source' });
});

test('outputs that overflow: the first layer of which that is so', async () => {
  const children = [linear(4), linear(4), linear(2)];
  const { found, cause } = await causeOf({ name: 'layer', children, shape: [2], inputs: plainRows, rate: 1e25 });
  expect(found.parameters).toEqual([]);
  expect(found.layer).toMatchObject({ type: 'Linear' });
  expect(cause).toMatchObject({ kind: 'layer', at: found.layer?.path });
});

const one = (value: number, shape: readonly number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
});

test('a gradient that overflows where the loss does not', async () => {
  const inputs = plainRows.map(() => [1]);
  const { plan, session } = await open({
    ...{ name: 'gradient', children: [linear(1), linear(1), linear(2)], shape: [1], inputs },
  });
  const file = path.join(folder(), 'unlike.safetensors');
  // 1e-30 · 1e30 · 1e30 is finite, what the first weight is multiplied with is not.
  const weights = [one(1e-30, [1, 1]), one(1e30, [1, 1]), { shape: [2, 1], data: Float32Array.of(1e30, -1e30) }];
  const tensors = weights.flatMap((weight, at) => [
    [`${at}.weight`, weight] as const,
    [`${at}.bias`, one(0, [weight.shape[0]!])] as const,
  ]);
  await writeSafetensors(file, new Map(tensors));
  await session.loadWeights(file);
  const { state, batchLosses } = await train(session);
  expect([state, batchLosses.length]).toEqual(['diverged', 1]);
  const found = await session.findDivergence('train');
  expect(found.parameters).toEqual(['0.weight', '0.bias']);
  const context = { plan, where: 'train', losses: batchLosses, rateBefore: 0.1, beganWith: null } as const;
  expect(explainDivergence(found, context)).toMatchObject({ kind: 'gradient', at: 'networks.main.children[0]' });
});

test('a loss that overflows where the outputs do not', async () => {
  const { plan, session } = await open({
    ...{ name: 'loss', children: [linear(1)], shape: [2], inputs: plainRows, targets: plainRows.map(() => 1) },
  });
  const file = path.join(folder(), 'large.safetensors');
  await writeSafetensors(file, new Map([['0.weight', one(1e25, [1, 2])], ['0.bias', one(0, [1])]])); // prettier-ignore
  await session.loadWeights(file);
  expect((await train(session)).state).toBe('diverged');
  const found = await session.findDivergence('train');
  expect(found).toMatchObject({ parameters: [], samples: [], layer: null, lossIsFinite: false });
  expect(found.largest! / 1e25).toBeCloseTo(1, 3);
  const context = { plan, where: 'train', losses: [], rateBefore: null, beganWith: { file } } as const;
  expect(explainDivergence(found, context)).toMatchObject({ kind: 'loss', at: 'recipe.loss' });
});

test('weights that the training began with', async () => {
  const { plan, session } = await open({ name: 'weights', children: [linear(2)], shape: [2], inputs: plainRows });
  const file = path.join(folder(), 'broken.safetensors');
  await writeSafetensors(file, new Map([['0.weight', one(1, [2, 2])], ['0.bias', one(NaN, [2])]])); // prettier-ignore
  await session.loadWeights(file);
  const { state, step } = await train(session);
  expect([state, step]).toEqual(['diverged', 0]);
  const found = await session.findDivergence('train');
  expect(found.parameters).toEqual(['0.bias']);
  const context = { plan, where: 'train', losses: [], rateBefore: null, beganWith: { file } } as const;
  expect(explainDivergence(found, context)).toMatchObject({ kind: 'initialWeights', at: file });
});

test('running statistics, which only an evaluation looks at', async () => {
  const children: readonly NetworkNode[] = [{ type: 'BatchNorm1d' }, linear(2)];
  const { plan, session } = await open({ name: 'statistics', children, shape: [2], inputs: plainRows });
  const file = path.join(folder(), 'statistics.safetensors');
  await session.saveWeights(file);
  const tensors = new Map([
    ...[...['0.weight', '0.bias', '0.running_mean', '1.bias'].map((name) => [name, one(1, [2])] as const)],
    ['0.running_var', one(NaN, [2])] as const,
    ['0.num_batches_tracked', { shape: [], data: new BigInt64Array(1) }] as const,
    ['1.weight', one(1, [2, 2])] as const,
  ]);
  await writeSafetensors(file, tensors);
  await session.loadWeights(file);
  const { loss } = await session.evaluate('test');
  expect(loss).toBeNaN();
  const found = await session.findDivergence('test');
  expect(found).toMatchObject({ parameters: [], buffers: ['0.running_var'] });
  const context = { plan, where: 'test', losses: [], rateBefore: 0.1, beganWith: null } as const;
  expect(explainDivergence(found, context)).toMatchObject({ kind: 'statistics', at: 'networks.main.children[0]' });
});

test('a batch norm of one value a channel is refused in training', () => {
  const node = {
    ...{ type: 'Layer', path: 'here', key: '', layer: 'BatchNorm1d', frozen: false, initialise: [] },
    options: { num_features: 2, eps: 1e-5, momentum: 0.1, affine: true, track_running_stats: true, bias: true },
  };
  const question = { shape: [1, 2], input: Float32Array.of(1, 2), seed: 1, threads: 1 };
  expect(() => addon.computeModule(JSON.stringify(node), { ...question, training: true })).toThrow(/here.*one value/);
  expect(addon.computeModule(JSON.stringify(node), { ...question, training: false }).output).toHaveLength(2);
  const length = { ...question, shape: [1, 2, 2], input: Float32Array.of(1, 2, 3, 4), training: true };
  expect([...addon.computeModule(JSON.stringify(node), length).output].every(Number.isFinite)).toBe(true);
});

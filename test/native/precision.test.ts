import { elementCount } from '../../core/catalogue/shape.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Precision, Project } from '../../core/project/project.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { baselinesFolder, inputShapes, writeExcerpt } from './excerpts.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';
import { filled } from './weights.ts';
import type { Fill } from './weights.ts';

interface PrecisionCase {
  readonly name: string;
  readonly network: readonly NetworkNode[];
  readonly batchSize: number;
  readonly rates: readonly number[];
  readonly parameters: readonly { readonly shape: readonly number[]; readonly fill: Fill }[];
  readonly before: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly after: readonly (readonly number[])[];
  /** How far the same training in float32 is from it, in Python. */
  readonly float32: { readonly before: number; readonly losses: number; readonly after: number };
}

const folder = temporaryFolder();
const addon = loadAddon();
const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'precision.json'), 'utf8')) as {
  readonly cases: readonly PrecisionCase[];
};

/** bfloat16 keeps eight bits: two sums in another order may differ by one in the last. */
const oneBit = 2 ** -8;

test.each(cases)('$name: bfloat16 as torch.autocast has it', async (of) => {
  const session = await open(of, 'bfloat16');
  await load(session, of);
  const before = (await session.predict('test')).probabilities;
  expectClose('outputs', before, of.before.flat(), oneBit);
  // The last layer really computed in bfloat16: the lower half of every float32 is empty.
  expect(new Uint32Array(before.buffer).every((bits) => bits % 2 ** 16 === 0)).toBe(true);

  const outcome = await session.train({ learningRates: Float64Array.from(of.rates) });
  expectClose('losses', outcome.batchLosses, of.losses, oneBit);
  // Steps multiply what rounding did before: as far as float32 is from bfloat16 in Python itself.
  expectClose('outputs afterwards', (await session.predict('test')).probabilities, of.after.flat(), of.float32.after);

  // What is trained stays float32.
  const file = path.join(folder(), 'after.safetensors');
  await session.saveWeights(file);
  const weights = [...(await readSafetensors(file)).values()].flatMap(({ data }) => {
    return data instanceof Float32Array ? [...new Uint32Array(data.buffer)] : [];
  });
  expect(weights.filter((bits) => bits % 2 ** 16 !== 0).length).toBeGreaterThan(weights.length / 2);
  await session.close();
});

test.each(cases)('$name: float32 computes in float32', async (of) => {
  const session = await open(of, 'float32');
  await load(session, of);
  const before = (await session.predict('test')).probabilities;
  const difference = Math.max(...before.map((value, index) => Math.abs(value - (of.before.flat()[index] ?? NaN))));
  expect(difference).toBeGreaterThan(0);
  expect(new Uint32Array(before.buffer).every((bits) => bits % 2 ** 16 === 0)).toBe(false);
  await session.close();
});

test('the CPU refuses float16 in words', async () => {
  await expect(open(cases[0]!, 'float16')).rejects.toMatchObject({ code: 'badProject', at: 'recipe.precision' });
});

test('bfloat16 with dropout goes on from a checkpoint to the last bit', async () => {
  const [, of] = cases;
  const withDropout = { ...of!, network: [...of!.network.slice(0, 3), dropout, ...of!.network.slice(3)] };
  const rates = { learningRates: Float64Array.from(of!.rates) };
  const uninterrupted = await open(withDropout, 'bfloat16');
  await uninterrupted.train(rates);
  const broken = await open(withDropout, 'bfloat16');
  await broken.train({ ...rates, maxSteps: 2 });
  const checkpoint = path.join(folder(), 'checkpoint');
  await broken.saveCheckpoint(checkpoint, '');
  const resumed = await open(withDropout, 'bfloat16');
  await resumed.loadCheckpoint(checkpoint);
  await resumed.train(rates);
  expect(await bytesOf(resumed)).toEqual(await bytesOf(uninterrupted));
});

const dropout: NetworkNode = { type: 'Dropout', options: { p: 0.5 } };

async function bytesOf(session: EngineSession): Promise<Buffer> {
  const file = path.join(folder(), 'weights.safetensors');
  await session.saveWeights(file);
  await session.close();
  return readFile(file);
}

async function open(of: PrecisionCase, precision: Precision): Promise<EngineSession> {
  return addon.createSession(JSON.stringify(await planOf(of, precision)));
}

async function planOf({ name, network, batchSize, rates }: PrecisionCase, precision: Precision): Promise<Plan> {
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name,
    networks: { main: { type: 'Sequential', children: network } },
    data: { source: 'mnist', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
    recipe: {
      kind: 'supervised',
      loss: { type: 'MSE' },
      optimizer: { type: 'SGD', momentum: 0.9 },
      schedule: { type: 'Constant', rate: 1 },
      batchSize,
      epochs: 1,
      precision,
    },
  };
  const made = makePlan(project, {
    inputShape: inputShapes.mnist,
    classes: 10,
    train: await writeExcerpt('mnist', batchSize * rates.length, folder()),
    test: await writeExcerpt('mnist', batchSize, folder()),
    device: 'cpu',
    threads: 1,
    seed: 1,
    shuffle: false,
  });
  if (!made.ok) throw new Error(made.failures[0]?.message);
  return made.plan;
}

async function load(session: EngineSession, of: PrecisionCase): Promise<void> {
  const { parameters, buffers } = session.describe();
  const size = (shape: readonly number[]): number => elementCount(shape);
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, { name, shape }] of parameters.entries())
    tensors.set(name, { shape, data: filled(ordinal, size(shape), of.parameters[ordinal]!.fill) });
  for (const { name, shape } of buffers) {
    const fresh = new Float32Array(size(shape)).fill(name.endsWith('running_var') ? 1 : 0);
    tensors.set(name, { shape, data: name.endsWith('num_batches_tracked') ? new BigInt64Array(1) : fresh });
  }
  const file = path.join(folder(), 'before.safetensors');
  await writeSafetensors(file, tensors);
  await session.loadWeights(file);
}

import { elementCount } from '../../core/catalogue/shape.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Averaging, Project } from '../../core/project/project.ts';
import { lookAheadSharesOf, weightsJoin } from '../../core/training/averaging.ts';
import type { EngineSession, TrainRequest } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { baselinesFolder, writeExcerpt } from './excerpts.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';
import { filled } from './weights.ts';
import type { Fill } from './weights.ts';
import { planOn } from './plans.ts';

interface Elements {
  readonly shape: readonly number[];
  readonly norm: number;
  readonly every: number;
  readonly elements: readonly number[];
}

interface Case {
  readonly averaging: Averaging;
  readonly parameters: readonly (Elements & { readonly fill: Fill })[];
  readonly buffers: readonly Elements[];
  /** Log-probabilities of the first batch by either kind of weights. */
  readonly averaged: readonly (readonly number[])[];
  readonly last: readonly (readonly number[])[];
}

/** Written by averaging.py. */
const baseline = JSON.parse(await readFile(path.join(baselinesFolder, 'averaging.json'), 'utf8')) as {
  readonly batchSize: number;
  readonly steps: number;
  readonly epochs: number;
  readonly rate: number;
  readonly cases: Readonly<Record<string, Case>>;
};
const { batchSize, steps, epochs, rate } = baseline;
const cases = Object.entries(baseline.cases);
const bound = 1e-5;
const folder = temporaryFolder();
const addon = loadAddon();
const learningRates = new Float64Array(steps).fill(rate);

test.each(cases)('%s: as torch.optim.swa_utils, or as its paper', async (_, expected) => {
  const session = await open(expected.averaging, 1);
  await loadStart(session, expected);
  await trainEpochs(session, expected.averaging, 0, epochs);
  await expectOutputs(session, 'averaged', expected.averaged);
  await expectOutputs(session, 'last', expected.last);
  const { parameters, buffers } = session.describe();
  const names = [...parameters, ...buffers].map(({ name }) => name).filter((name) => !name.endsWith('tracked'));
  const file = path.join(folder(), 'averaged.safetensors');
  await session.saveWeights(file, 'averaged');
  const tensors = await readSafetensors(file);
  for (const [ordinal, { norm, every, elements }] of [...expected.parameters, ...expected.buffers].entries()) {
    const name = names[ordinal]!;
    const data = tensors.get(name)?.data as Float32Array;
    expectClose(`norm of ${name}`, [Math.hypot(...data)], [norm], bound);
    expectClose(
      name,
      data.filter((_, index) => index % every === 0),
      elements,
      bound,
    );
  }
  if ((expected.averaging.norms ?? (expected.averaging.kind === 'swa' && 'recomputed')) === 'recomputed') {
    expect(tensors.get('1.num_batches_tracked')?.data[0]).toBe(BigInt(steps));
  }
  await session.close();
});

test.each(cases)('%s: judging the average changes nothing of the training', async (_, { averaging }) => {
  const judged = await open(averaging, 5, true);
  const plain = await open(averaging, 5, true);
  for (let epoch = 0; epoch < epochs; ++epoch) {
    await trainEpochs(judged, averaging, epoch, epoch + 1);
    await trainEpochs(plain, averaging, epoch, epoch + 1);
    if (judged.describe().hasAverage) await judged.evaluate('test', 'averaged');
  }
  expect((await saved(judged, 'last')).equals(await saved(plain, 'last'))).toBe(true);
  await judged.close();
  await plain.close();
});

test.each(cases)('%s: a checkpoint within an epoch keeps the average to the last bit', async (_, { averaging }) => {
  const whole = await open(averaging, 5, true);
  await trainEpochs(whole, averaging, 0, epochs);
  const broken = await open(averaging, 5, true);
  await trainEpochs(broken, averaging, 0, epochs - 1);
  await broken.train({ ...requestOf(averaging, epochs - 1), maxSteps: 2 });
  const checkpoint = path.join(folder(), `checkpoint-${JSON.stringify(averaging)}`);
  await broken.saveCheckpoint(checkpoint, '');
  await broken.close();

  const resumed = await open(averaging, 99, true);
  await resumed.loadCheckpoint(checkpoint);
  await trainEpochs(resumed, averaging, epochs - 1, epochs);
  expect(await resumed.evaluate('test', 'averaged')).toEqual(await whole.evaluate('test', 'averaged'));
  for (const weights of ['averaged', 'last'] as const) {
    expect((await saved(resumed, weights)).equals(await saved(whole, weights)), weights).toBe(true);
  }
  await whole.close();
  await resumed.close();
});

test('without an average it says so', async () => {
  const session = await open({ kind: 'swa', fromEpoch: 3 }, 1);
  await trainEpochs(session, { kind: 'swa', fromEpoch: 3 }, 0, 1);
  await expect(session.evaluate('test', 'averaged')).rejects.toMatchObject({ code: 'notFound' });
  await session.close();
});

/** Alone: in file order without dropout, as the baseline. `isLively`: shuffled, augmented, with dropout. */
async function open(averaging: Averaging, seed: number, isLively = false): Promise<EngineSession> {
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name: 'averaging',
    networks: {
      main: {
        type: 'Sequential',
        children: [
          { type: 'Conv2d', options: { out_channels: 8, kernel_size: 5 } },
          { type: 'BatchNorm2d', options: { momentum: 0.05 } },
          { type: 'ReLU' },
          { type: 'MaxPool2d', options: { kernel_size: 2 } },
          ...(isLively ? [{ type: 'Dropout', options: { p: 0.2 } }] : []),
          { type: 'Flatten' },
          { type: 'Linear', options: { out_features: 10 } },
        ],
      },
    },
    data: {
      source: 'mnist',
      normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 },
      ...(isLively ? { augment: { crop: { padding: 2 } } } : {}),
    },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD', momentum: 0.9 },
      schedule: { type: 'Constant', rate },
      batchSize,
      epochs,
      averaging,
    },
  };
  const split = await writeExcerpt('mnist', batchSize * steps, folder());
  const plan = planOn(project, { source: 'mnist', split }, { seed, shuffle: isLively });
  return addon.createSession(JSON.stringify(plan));
}

async function trainEpochs(session: EngineSession, averaging: Averaging, from: number, to: number): Promise<void> {
  for (let epoch = from; epoch < to; ++epoch) {
    const { state } = await session.train(requestOf(averaging, epoch));
    expect(state).toBe('finished');
  }
}

/** What the training loop asks for. */
function requestOf(averaging: Averaging, epoch: number): TrainRequest {
  const lookAheadShares = lookAheadSharesOf(averaging, epoch, { epochs, stepsPerEpoch: steps });
  return {
    learningRates,
    average: weightsJoin(averaging, epoch + 1),
    ...(lookAheadShares === null ? {} : { lookAheadShares }),
  };
}

async function loadStart(session: EngineSession, { parameters }: Case): Promise<void> {
  const described = session.describe();
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, { name, shape }] of described.parameters.entries()) {
    tensors.set(name, { shape, data: filled(ordinal, elementCount(shape), parameters[ordinal]!.fill) });
  }
  for (const { name, shape } of described.buffers) {
    const isCount = name.endsWith('tracked');
    const values = new Float32Array(elementCount(shape)).fill(name.endsWith('running_var') ? 1 : 0);
    tensors.set(name, { shape, data: isCount ? new BigInt64Array(1) : values });
  }
  const file = path.join(folder(), 'start.safetensors');
  await writeSafetensors(file, tensors);
  await session.loadWeights(file);
}

async function expectOutputs(
  session: EngineSession,
  weights: 'averaged' | 'last',
  expected: readonly (readonly number[])[],
): Promise<void> {
  const { probabilities } = await session.predict('test', weights);
  expectClose(`outputs by ${weights} weights`, probabilities.map(Math.log), expected.flat(), bound);
}

async function saved(session: EngineSession, weights: 'averaged' | 'last'): Promise<Buffer> {
  const file = path.join(folder(), 'saved.safetensors');
  await session.saveWeights(file, weights);
  return readFile(file);
}

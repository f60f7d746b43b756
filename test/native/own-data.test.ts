import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseProject } from '../../core/project/parse.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan } from '../../core/training/plan.ts';
import { locateDataset } from '../../main/datasets/datasets.ts';
import { formatNpyHeader } from '../../main/datasets/import/npy-header.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { openSession } from '../../main/engine/open-session.ts';
import { temporaryFolder } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';

const folder = temporaryFolder();
const before = process.env['TORCHWRIGHT_CACHE'];

beforeAll(() => {
  process.env['TORCHWRIGHT_CACHE'] = path.join(folder(), 'cache');
});
afterAll(() => {
  if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
  else process.env['TORCHWRIGHT_CACHE'] = before;
});

/** What test/baselines/own_data.py writes. */
interface Baseline {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly batch: number;
  readonly rate: number;
  readonly epochs: readonly {
    readonly batchLosses: readonly number[];
    readonly meanAbsolute: number;
    readonly rootMeanSquare: number;
  }[];
}

interface Wanted {
  readonly source: string;
  readonly network: object;
  readonly loss: string;
  readonly batch: number;
  readonly rate: number;
  readonly shuffle: boolean;
}

async function planOf({ source, network, loss, batch, rate, shuffle }: Wanted): Promise<Plan> {
  const parsed = parseProject({
    format: 'torchwright-project',
    version: 1,
    name: 'own',
    networks: { main: network },
    // As the baseline does.
    data: { source, normalise: { kind: 'zscore' }, standardiseTargets: false },
    recipe: {
      kind: 'supervised',
      loss: { type: loss },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate },
      batchSize: batch,
      epochs: 1,
    },
  });
  if (!parsed.ok) throw new Error(parsed.failures[0]!.message);
  const { classNames, ...located } = await locateDataset({ source });
  const facts = { ...located, classes: classNames.length, device: 'cpu', threads: 1, seed: 1, shuffle };
  const made = makePlan(parsed.project, facts);
  if (!made.ok) throw new Error(made.failures[0]!.message);
  return made.plan;
}

const linear = (outputs: number) => ({ type: 'Linear', options: { out_features: outputs } });

test('a table trains a regression as Python PyTorch does', async () => {
  const text = await readFile(path.join(baselinesFolder, 'own-data.json'), 'utf8');
  const baseline = JSON.parse(text) as Baseline;
  const source = path.join(folder(), 'plane');
  await mkdir(source);
  // The same rows as in the script.
  const lines = Array.from({ length: 64 }, (_, row) => {
    const [a, b] = [(row % 7) - 3, ((row * row) % 11) / 2];
    return { isTest: row % 4 === 3, text: `${a},${b},${2 * a - 0.5 * b + 3}\n` };
  });
  for (const [name, isTest] of [['train', false] as const, ['test', true] as const]) {
    const rows = lines.filter((line) => line.isTest === isTest).map((line) => line.text);
    await writeFile(path.join(source, `${name}.csv`), `a,b,y\n${rows.join('')}`);
  }
  const network = {
    type: 'Sequential',
    initialise: [
      { parameters: 'weight', method: 'constant', value: 0.25 },
      { parameters: 'bias', method: 'constant', value: 0 },
    ],
    children: [linear(1)],
  };
  const plan = await planOf({ ...baseline, source, network, loss: 'MSE', shuffle: false });
  const { normalise } = plan.data;
  if (normalise.kind !== 'affine') throw new Error('mean and deviation are known');
  for (const [column, deviation] of baseline.std.entries()) {
    expect(normalise.scale[column]).toBeCloseTo(1 / deviation, 12);
    expect(normalise.offset[column]).toBeCloseTo(-baseline.mean[column]! / deviation, 12);
  }

  const session = await openSession(loadAddon(), plan);
  for (const epoch of baseline.epochs) {
    const rates = new Float64Array(epoch.batchLosses.length).fill(baseline.rate);
    const outcome = await session.train({ learningRates: rates });
    expect(outcome.accuracy).toBeUndefined();
    for (const [batch, loss] of epoch.batchLosses.entries()) {
      expect(Math.abs(outcome.batchLosses[batch]! - loss)).toBeLessThan(2e-5 * Math.max(1, loss));
    }
    const { meanAbsolute, rootMeanSquare } = await session.evaluate('test');
    expect(meanAbsolute).toBeCloseTo(epoch.meanAbsolute, 5);
    expect(rootMeanSquare).toBeCloseTo(epoch.rootMeanSquare, 5);
  }
  const { targets, probabilities, labels } = await session.predict('test');
  expect(targets).toHaveLength(16);
  expect(probabilities).toHaveLength(16);
  expect(labels).toHaveLength(0);
  await session.close();
});

test('judging leaves the samples as they are', async () => {
  const plan = await planOf({
    source: 'spirals',
    network: { type: 'Sequential', children: [linear(3)] },
    loss: 'CrossEntropy',
    batch: 100,
    rate: 0.1,
    shuffle: true,
  });
  const session = await loadAddon().createSession(JSON.stringify(plan));
  const first = await session.evaluate('test');
  expect(await session.evaluate('test')).toEqual(first);
  expect(await session.images('test', Int32Array.of(0, 1))).toHaveLength(0);
  await session.close();
});

test('a folder of PNG trains, and its pictures come back byte for byte', async () => {
  const source = path.join(folder(), 'pictures');
  for (const [label, name] of ['falling', 'rising'].entries()) {
    await mkdir(path.join(source, name), { recursive: true });
    for (let image = 0; image < 40; image++) {
      const data = Uint8Array.from({ length: 3 * 64 }, (_, byte) => {
        const column = Math.floor(byte / 3) % 8;
        return 20 * (label === 0 ? 7 - column : column) + ((image * 7 + byte * 3) % 50);
      });
      await writeFile(path.join(source, name, `${image}.png`), encode({ width: 8, height: 8, channels: 3, data }));
    }
  }
  const network = { type: 'Sequential', children: [{ type: 'Flatten' }, linear(2)] };
  const plan = await planOf({ source, network, loss: 'CrossEntropy', batch: 8, rate: 0.05, shuffle: true });
  expect(plan.inputShape).toEqual([3, 8, 8]);
  const session = await loadAddon().createSession(JSON.stringify(plan));
  for (let epoch = 0; epoch < 3; epoch++) await session.train({ learningRates: new Float64Array(8).fill(0.05) });
  const tested = await session.evaluate('test');
  expect(tested.samples).toBe(16);
  expect(tested.accuracy).toBe(1);
  const { labels } = await session.predict('test');
  const pixels = await session.images('test', Int32Array.of(0, 15));
  // A falling picture has its brightest column at the left, a rising one at the right.
  for (const [place, sample] of [0, 15].entries()) {
    const row = pixels.subarray(place * 192, place * 192 + 8);
    expect(row[0]! > row[7]! ? 0 : 1).toBe(labels[sample]);
  }
  await session.close();
});

test('a column of times in seconds since 1970 that differ by 30 decides', async () => {
  const source = path.join(import.meta.dirname, '../cases/csv-timestamp-decides/t.csv');
  const network = { type: 'Sequential', children: [linear(2)] };
  const plan = await planOf({ source, network, loss: 'CrossEntropy', batch: 8, rate: 0.1, shuffle: true });
  const session = await loadAddon().createSession(JSON.stringify(plan));
  for (let epoch = 0; epoch < 30; epoch++) await session.train({ learningRates: new Float64Array(12).fill(0.1) });
  expect((await session.evaluate('test')).accuracy).toBe(1);
  await session.close();
});

test("NumPy's arrays train, in whatever layout the images lie", async () => {
  const source = path.join(folder(), 'arrays');
  await mkdir(source);
  const [samples, side] = [60, 4];
  const inputs = new Uint8Array(samples * side * side * 3);
  const labels = BigInt64Array.from({ length: samples }, (_, sample) => BigInt(sample % 3));
  // The brightest channel is the class; channels stand last.
  for (let at = 0; at < inputs.length; at++) {
    const sample = Math.floor(at / (side * side * 3));
    inputs[at] = at % 3 === sample % 3 ? 200 + (at % 50) : at % 60;
  }
  await writeFile(
    path.join(source, 'x.npy'),
    Buffer.concat([formatNpyHeader('|u1', [samples, side, side, 3]), inputs]),
  );
  await writeFile(
    path.join(source, 'y.npy'),
    Buffer.concat([formatNpyHeader('<i8', [samples]), new Uint8Array(labels.buffer)]),
  );
  const network = { type: 'Sequential', children: [{ type: 'Flatten' }, linear(3)] };
  const plan = await planOf({ source, network, loss: 'CrossEntropy', batch: 12, rate: 0.05, shuffle: true });
  expect(plan.inputShape).toEqual([3, side, side]);
  expect(plan.data.classes).toBe(3);
  const session = await loadAddon().createSession(JSON.stringify(plan));
  for (let epoch = 0; epoch < 3; epoch++) await session.train({ learningRates: new Float64Array(4).fill(0.05) });
  expect((await session.evaluate('test')).accuracy).toBe(1);
  await session.close();
});

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { regressionFigures } from '../../core/evaluation/regression-figures.ts';
import { parseProject } from '../../core/project/parse.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan } from '../../core/training/plan.ts';
import { locateDataset } from '../../main/datasets/datasets.ts';
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

interface Figures {
  readonly r2: number;
  readonly rootMeanSquare: number;
  readonly meanAbsolute: number;
}

/** What test/baselines/regression.py writes: scikit-learn's figures. */
interface Baseline {
  readonly columns: readonly string[];
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
  readonly predicted: readonly (readonly number[])[];
  readonly meanR2: number;
  readonly each: readonly Figures[];
  readonly baseline: readonly Figures[];
  readonly baselineR2: number;
}

async function readBaseline(): Promise<Baseline> {
  return JSON.parse(await readFile(path.join(baselinesFolder, 'regression.json'), 'utf8')) as Baseline;
}

async function planOf({ columns, train, test: tested }: Baseline, targets: readonly string[]): Promise<Plan> {
  const source = path.join(folder(), targets.join('-'));
  await mkdir(source);
  for (const [name, rows] of [['train', train] as const, ['test', tested] as const]) {
    const lines = rows.map((row) => row.join(','));
    await writeFile(path.join(source, `${name}.csv`), `${columns.join(',')}\n${lines.join('\n')}\n`);
  }
  const data = { source, import: { target: targets }, normalise: { kind: 'zscore' } } as const;
  const parsed = parseProject({
    format: 'torchwright-project',
    version: 1,
    name: 'regression',
    networks: {
      main: { type: 'Sequential', children: [{ type: 'Linear', options: { out_features: targets.length } }] },
    },
    data,
    recipe: {
      kind: 'supervised',
      loss: { type: 'MSE' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate: 0.3 },
      batchSize: train.length,
      epochs: 1,
    },
  });
  if (!parsed.ok) throw new Error(parsed.failures[0]!.message);
  const { classNames, ...located } = await locateDataset(data);
  const facts = { ...located, classes: classNames.length, device: 'cpu', threads: 1, seed: 1, shuffle: false };
  const made = makePlan(parsed.project, facts);
  if (!made.ok) throw new Error(made.failures[0]!.message);
  return made.plan;
}

test('two targets of different size are learnt alike, and told in their units', async () => {
  const baseline = await readBaseline();
  const plan = await planOf(baseline, ['price', 'share']);
  const session = await openSession(loadAddon(), plan);
  for (let epoch = 0; epoch < 100; epoch++) await session.train({ learningRates: Float64Array.of(0.3) });
  const { probabilities, targets } = await session.predict('test');
  const deviations = plan.data.targetScaling!.scale;
  for (const [row, expected] of baseline.predicted.entries()) {
    for (const [target, value] of expected.entries()) {
      const off = Math.abs(probabilities[2 * row + target]! - value);
      expect(off).toBeLessThan(1e-4 * deviations[target]!);
      expect(Math.abs(targets![2 * row + target]! - baseline.test[row]![3 + target]!)).toBeLessThan(
        1e-5 * deviations[target]!,
      );
    }
  }
  const found = regressionFigures(probabilities, targets!, 2, plan.data.targetMeans);
  expect(found.overall.r2).toBeCloseTo(baseline.meanR2, 3);
  expect(found.baseline.overall.r2).toBeCloseTo(baseline.baselineR2, 6);
  for (const [target, figures] of baseline.each.entries()) {
    for (const name of ['r2', 'rootMeanSquare', 'meanAbsolute'] as const) {
      expect(found.each[target]![name]! / figures[name]).toBeCloseTo(1, 3);
      expect(found.baseline.each[target]![name]! / baseline.baseline[target]![name]).toBeCloseTo(1, 5);
    }
  }
  await session.close();
});

test('errors of one target are in its unit, while it trains and after', async () => {
  const baseline = await readBaseline();
  // The other target is then a feature.
  const plan = await planOf(baseline, ['price']);
  const session = await openSession(loadAddon(), plan);
  const outcome = await session.train({ learningRates: Float64Array.of(0.3) });
  const deviation = plan.data.targetScaling!.scale[0]!;
  // Of one batch the loss is the square of the error.
  expect(outcome.rootMeanSquare! / (deviation * Math.sqrt(outcome.loss))).toBeCloseTo(1, 5);
  const { meanAbsolute, rootMeanSquare, predictions } = await session.evaluate('test');
  const { overall } = regressionFigures(predictions!.probabilities, predictions!.targets!, 1);
  expect(rootMeanSquare! / overall.rootMeanSquare).toBeCloseTo(1, 4);
  expect(meanAbsolute! / overall.meanAbsolute).toBeCloseTo(1, 4);
  await session.close();
});

// A checkpoint in the middle of an epoch, as it was written before the engine's figures had names: sums and lists of losses
// in one tensor, `epoch.metrics`. The rest of the epoch comes to the same figures.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pick } from '../../core/figures/measured.ts';
import { epochFigures } from '../../core/figures/of-epochs.ts';
import type { Plan } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import type { TrainOutcome } from '../../main/engine/addon.ts';
import { openProject } from '../../main/projects/open-project.ts';
import { planProject } from '../../main/training/plan-project.ts';
import { small } from '../small-generator.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();

/** Newer ones are of the rest of the epoch. */
const namesThen = ['loss', 'generatorLoss', 'accuracy', 'meanAbsolute', 'rootMeanSquare'];
const figuresThen = epochFigures.filter(({ name }) => namesThen.includes(name));

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Of a table whose last column is a class or a number. */
async function planOfTable(target: (row: number) => string, loss: string, outputs: number): Promise<Plan> {
  const lines = Array.from({ length: 60 }, (_, row) => `${row % 7},${(row * 5) % 11},${target(row)}`);
  const source = path.join(folder(), `${loss}.csv`);
  await writeFile(source, ['a,b,y', ...lines].join('\n'));
  const file = path.join(folder(), `${loss}.json`);
  const network = { type: 'Sequential', children: [{ type: 'Linear', options: { out_features: outputs } }] };
  const recipe = { kind: 'supervised', loss: { type: loss }, optimizer: { type: 'SGD' }, batchSize: 8, epochs: 1 };
  await writeFile(
    file,
    JSON.stringify({
      ...{ format: 'torchwright-project', version: 1, name: 'table', networks: { main: network } },
      data: { source, import: { target: 'y' }, normalise: { kind: 'zscore' } },
      recipe: { ...recipe, schedule: { type: 'Constant', rate: 0.01 } },
    }),
  );
  return (await planProject(await openProject(file), { threads: 1, seed: 1 })).plan;
}

const plans: Readonly<Record<string, () => Promise<Plan>>> = {
  classification: () => planOfTable((row) => (row % 3 === 0 ? 'one' : 'other'), 'CrossEntropy', 2),
  regression: () => planOfTable((row) => String((row % 7) - 0.5 * ((row * 5) % 11)), 'MSE', 1),
  adversarial: async () => {
    const split = await writeExcerpt('mnist', 300, folder());
    return planOn(small, { source: 'mnist', split }, { seed: 3, shuffle: true });
  },
};

test.each(Object.keys(plans))('of a %s', async (task) => {
  const plan = await plans[task]!();
  const directory = path.join(folder(), task);
  const begun = await addon.createSession(JSON.stringify(plan));
  const { stepsPerEpoch } = begun.describe();
  const learningRates = new Float64Array(stepsPerEpoch).fill(0.01);
  const half = await begun.train({ learningRates, maxSteps: 3 });
  expect(half.state).toBe('paused');
  await begun.saveCheckpoint(directory, '{}');
  const whole = await begun.train({ learningRates });
  await begun.close();

  await makeOlder(path.join(directory, 'state.safetensors'), half);
  const resumed = await addon.createSession(JSON.stringify(plan));
  await resumed.loadCheckpoint(directory);
  const rest = await resumed.train({ learningRates });
  await resumed.close();
  expect(pick(rest, figuresThen)).toEqual(pick(whole, figuresThen));
  expect(rest.batchLosses).toEqual(whole.batchLosses);
  expect(rest.generatorLosses).toEqual(whole.generatorLosses);
});

/** Puts one tensor in place of those of each figure. */
async function makeOlder(file: string, half: TrainOutcome): Promise<void> {
  const bytes = await readFile(file);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__: metadata, ...entries } = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, Entry>;
  const numbers = ({ data_offsets: [from, to] }: Entry): Float64Array =>
    new Float64Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer);
  const figures = new Map(
    Object.entries(entries).flatMap(([name, entry]) =>
      name.startsWith('epoch.figures.') ? [[name.slice('epoch.figures.'.length), numbers(entry)] as const] : [],
    ),
  );
  const sumOf = (name: string): number => figures.get(name)![0]!;
  const first = figures.has('meanAbsolute') ? sumOf('meanAbsolute') : figures.has('accuracy') ? sumOf('accuracy') : 0;
  const metrics = Float64Array.of(
    ...[sumOf('loss'), first, figures.get('loss')![1]!],
    ...(figures.has('rootMeanSquare') ? [sumOf('rootMeanSquare')] : []),
    ...[...half.batchLosses, ...(half.generatorLosses ?? [])],
  );
  const kept = Object.entries(entries).filter(([name]) => !name.startsWith('epoch.figures.'));
  const parts = kept.map(
    ([
      ,
      {
        data_offsets: [from, to],
      },
    ]) => bytes.subarray(start + from, start + to),
  );
  let end = 0;
  const place = (length: number): readonly [number, number] => [end, (end += length)];
  const header = Object.fromEntries(
    kept.map(([name, entry], at) => [name, { ...entry, data_offsets: place(parts[at]!.length) }]),
  );
  const metricsEntry = { dtype: 'F64', shape: [metrics.length], data_offsets: place(metrics.byteLength) };
  const text = Buffer.from(JSON.stringify({ __metadata__: metadata, ...header, 'epoch.metrics': metricsEntry }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(file, Buffer.concat([length, text, ...parts, new Uint8Array(metrics.buffer)]));
}

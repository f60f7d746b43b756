// A regression of a table through the command line: trained, evaluated, asked about new rows, exported.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Failure } from '../../core/failure.ts';
import { formatNpyHeader } from '../../main/datasets/import/npy-header.ts';
import { runOnnx } from '../../main/exports/onnx-runtime.ts';
import { homeFolder, run, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome('file');

/** What test/baselines/regression.py writes. */
interface Baseline {
  readonly columns: readonly string[];
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
}

interface Told {
  readonly line?: number;
  readonly index?: number;
  readonly targets: readonly { readonly name: string; readonly value: number }[];
}

const cacheBefore = process.env['TORCHWRIGHT_CACHE'];
let table: Baseline;
let id: string;

beforeAll(async () => {
  process.env['TORCHWRIGHT_HOME'] = homeFolder();
  process.env['TORCHWRIGHT_CACHE'] = path.join(temporaryFolder(), 'cache');
  table = JSON.parse(
    await readFile(path.join(import.meta.dirname, '../baselines/regression.json'), 'utf8'),
  ) as Baseline;
  const lines = [...table.train, ...table.test].map((row) => row.join(','));
  const source = path.join(temporaryFolder(), 'houses.csv');
  await writeFile(source, `${table.columns.join(',')}\n${lines.join('\n')}\n`);
  const project = path.join(temporaryFolder(), 'houses.json');
  await writeFile(
    project,
    JSON.stringify({
      format: 'torchwright-project',
      version: 1,
      name: 'houses',
      networks: { main: { type: 'Sequential', children: [{ type: 'Linear', options: { out_features: 1 } }] } },
      data: { source, import: { target: 'price' }, normalise: { kind: 'zscore' } },
      recipe: {
        kind: 'supervised',
        loss: { type: 'MSE' },
        optimizer: { type: 'SGD' },
        schedule: { type: 'Constant', rate: 0.1 },
        batchSize: 16,
        epochs: 12,
        seed: 1,
      },
    }),
  );
  id = (await trainToEnd('train', project, '--threads', '1')).run;
});

afterAll(() => {
  if (cacheBefore === undefined) delete process.env['TORCHWRIGHT_CACHE'];
  else process.env['TORCHWRIGHT_CACHE'] = cacheBefore;
});

async function told(...words: string[]): Promise<readonly Told[]> {
  const { stdout } = await run('predict', id, ...words, '--json');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
}

/** Without the target, in another order, with a column of no use, and with decimal commas. */
async function newRows(): Promise<string> {
  const place = (name: string): number => table.columns.indexOf(name);
  const lines = table.test.map((row) =>
    ['when', 'share', 'size', 'slope'].map((name) => String(row[place(name)]).replace('.', ',')).join(';'),
  );
  const file = path.join(temporaryFolder(), 'new.csv');
  await writeFile(
    file,
    `when;share;note;size;slope\n${lines.map((line) => line.replace(/^([^;]*;[^;]*)/, '$1;x')).join('\n')}\n`,
  );
  return file;
}

it('evaluates beside the mean, in the unit of the target', async () => {
  const [evaluated] = (await run('evaluate', id, '--json')).stdout.split('\n');
  const figures = JSON.parse(evaluated!) as {
    readonly lossOf: string;
    readonly targets: readonly {
      readonly name: string;
      readonly r2: number;
      readonly rootMeanSquare: number;
      readonly baseline: { readonly r2: number; readonly rootMeanSquare: number };
    }[];
  };
  expect(figures.lossOf).toBe('standardised targets');
  const [price] = figures.targets;
  expect(price!.name).toBe('price');
  // Prices are hundreds of thousands: learnt as they are, they would be as far off after so few epochs.
  expect(price!.rootMeanSquare).toBeLessThan(60_000);
  expect(price!.r2).toBeGreaterThan(price!.baseline.r2);
  expect(price!.baseline.rootMeanSquare).toBeGreaterThan(price!.rootMeanSquare);
});

it('writes predictions and figures as CSV', async () => {
  const folder = path.join(temporaryFolder(), 'tables');
  await run('evaluate', id, '--csv', folder);
  const rowsOf = async (name: string): Promise<readonly Record<string, string>[]> =>
    parse(await readFile(path.join(folder, name)), { columns: true });
  const samples = await rowsOf('samples.csv');
  const price = table.columns.indexOf('price');
  const prices = new Set([...table.train, ...table.test].map((row) => Number(row[price]!.toPrecision(6))));
  expect(samples.length).toBeGreaterThan(1);
  const lines = [...table.train, ...table.test];
  for (const sample of samples) {
    const written = lines[Number(sample['line']) - 2]![price]!;
    expect(Number(sample['price']) / written).toBeCloseTo(1, 6);
    expect(prices).toContain(Number(Number(sample['price']).toPrecision(6)));
    expect(Number(sample['price error'])).toBeCloseTo(Number(sample['price predicted']) - Number(sample['price']), 0);
  }
  const squares = samples.map((sample) => Number(sample['price error']) ** 2);
  const rmse = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  const [target] = await rowsOf('targets.csv');
  expect(target!['target']).toBe('price');
  expect(Number(target!['RMSE'])).toBeCloseTo(rmse, 0);
});

it('refuses to compare regressions, which it cannot', async () => {
  const refused = await run('evaluate', id, '--against', id, '--json');
  expect(refused.code).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain('badUsage');
});

it('predicts rows found by the names of their columns, and arrays', async () => {
  const rows = await told(await newRows());
  expect(rows.map(({ line }) => line)).toEqual(table.test.map((_, index) => index + 2));
  expect(rows[0]!.targets.map(({ name }) => name)).toEqual(['price']);
  const features = ['size', 'slope', 'when', 'share'].map((name) => table.columns.indexOf(name));
  const values = Float64Array.from(table.test.flatMap((row) => features.map((column) => row[column]!)));
  const file = path.join(temporaryFolder(), 'rows.npy');
  const header = Buffer.from(formatNpyHeader('<f4', [table.test.length, 4]))
    .toString('latin1')
    .replace('<f4', '<f8');
  await writeFile(file, Buffer.concat([Buffer.from(header, 'latin1'), new Uint8Array(values.buffer)]));
  const ofArray = await told(file);
  expect(ofArray.map(({ targets }) => targets)).toEqual(rows.map(({ targets }) => targets));
});

it('refuses rows without a column, and cells without a number, by name', async () => {
  const file = path.join(temporaryFolder(), 'short.csv');
  await writeFile(file, 'size,slope,share\n1,2,3\n');
  const missing = await run('predict', id, file);
  expect(missing).toMatchObject({ code: 2 });
  expect(missing.stderr).toContain('when');
});

it('predicts the other rows where some lack a number, and names those with their columns and values', async () => {
  const file = path.join(temporaryFolder(), 'holes.csv');
  await writeFile(file, 'size,slope,share,when\n1,2,3,4\n1,,3,soon\n5,6,7,8\n');
  const ended = await run('predict', id, file, '--json');
  expect(ended.code).toBe(2);
  const printed = ended.stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { readonly event: string; readonly line?: number; readonly error?: Failure });
  expect(printed.map(({ event, line, error }) => [event, line ?? error?.at])).toEqual([
    ['prediction', 2],
    ['prediction', 4],
    ['error', `${file}:3`],
  ]);
  for (const word of [`${file}:3`, 'slope', 'when', 'soon']) expect(ended.stderr).toContain(word);
});

it('predicts the other samples of an array where some are not finite', async () => {
  const values = Float32Array.from([1, 2, 3, 4, 1, NaN, 3, 4, 5, 6, 7, 8]);
  const file = path.join(temporaryFolder(), 'holes.npy');
  await writeFile(file, Buffer.concat([formatNpyHeader('<f4', [3, 4]), Buffer.from(values.buffer)]));
  const ended = await run('predict', id, file, '--json');
  expect(ended.code).toBe(2);
  const indices = [...ended.stdout.matchAll(/"index":(\d)/g)].map(([, index]) => index);
  expect(indices).toEqual(['0', '2']);
  expect(ended.stderr).toContain(`${file} [1]`);
});

it('exports what gives prices, and says so', async () => {
  const rows = await told(await newRows());
  const out = path.join(temporaryFolder(), 'onnx');
  expect(await run('export', id, '--format', 'onnx', '--checkpoint', 'last', '--out', out)).toMatchObject({ code: 0 });
  const record = JSON.parse(await readFile(path.join(out, 'export.json'), 'utf8')) as {
    readonly columnNames: readonly string[];
    readonly targetNames: readonly string[];
    readonly preprocessing: { readonly scale: readonly number[]; readonly offset: readonly number[] };
  };
  expect(record).toMatchObject({ columnNames: ['size', 'slope', 'when', 'share'], targetNames: ['price'] });
  const evaluated = await run('evaluate', id, '--checkpoint', 'last', '--json');
  const { targets } = JSON.parse(evaluated.stdout) as {
    readonly targets: readonly { readonly r2: number; readonly rootMeanSquare: number }[];
  };
  const readme = await readFile(path.join(out, 'README.md'), 'utf8');
  expect(readme).toContain(targets[0]!.r2.toFixed(4));
  expect(readme).toContain(String(Number(targets[0]!.rootMeanSquare.toPrecision(4))));
  const { scale, offset } = record.preprocessing;
  const features = record.columnNames.map((name) => table.columns.indexOf(name));
  // As the README has it: in double precision.
  const data = Float32Array.from(
    table.test.flatMap((row) => features.map((column, at) => row[column]! * scale[at]! + offset[at]!)),
  );
  const model = await readFile(path.join(out, 'model.onnx'));
  const input = { name: 'input', shape: [table.test.length, features.length], data };
  const made = await runOnnx(model, [input], new AbortController().signal);
  for (const [index, value] of made.get('output')!.data.entries()) {
    expect(value / rows[index]!.targets[0]!.value).toBeCloseTo(1, 5);
  }
  const script = path.join(temporaryFolder(), 'script');
  // It is loaded by libtorch and compared with the engine.
  expect(await run('export', id, '--format', 'torchscript', '--out', script)).toMatchObject({ code: 0 });
});

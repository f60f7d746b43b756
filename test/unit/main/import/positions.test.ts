import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { ImportSettings } from '../../../../core/project/project.ts';
import { importDataset } from '../../../../main/datasets/import/import-dataset.ts';
import { formatNpyHeader } from '../../../../main/datasets/import/npy-header.ts';
import { testSamplePositions } from '../../../../main/datasets/import/sample-names.ts';
import { positionsFile } from '../../../../main/datasets/import/split-writer.ts';
import { keepData, keptData } from '../../../../main/runs/kept-data.ts';
import { inIsolatedCache, samplesOf } from './isolated-cache.ts';

const { folder } = inIsolatedCache();

const settings: ImportSettings = { target: 'kind' };

/** The column `square` holds the square of the line; some lines are empty, and some rows are not whole. */
async function writeTable(): Promise<string> {
  const lines = Array.from({ length: 60 }, (_, index) => {
    const line = index + 2;
    if (line === 7 || line === 40) return '';
    return line % 9 === 0 ? `,0.25,odd` : `${line ** 2},${(line * 7) % 5}.25,${line % 2 === 0 ? 'even' : 'odd'}`;
  });
  const file = path.join(folder(), 'table.csv');
  await writeFile(file, `square,other,kind\n${lines.join('\n')}\n`);
  return file;
}

const roots = (rows: readonly (readonly number[])[]): readonly number[] => rows.map(([square]) => Math.sqrt(square!));

it('keeps the line of each sample of a table that is split', async () => {
  const source = await writeTable();
  const { folder: at, test } = await importDataset(source, settings);
  const positions = await testSamplePositions(test);
  expect(positions!.unit).toBe('line');
  expect(Array.from(positions!.numbers)).toEqual(roots(await samplesOf(source, settings, 'test')));
  const training = JSON.parse(await readFile(positionsFile(at, 'train'), 'utf8')) as { readonly numbers: number[] };
  expect(training.numbers).toEqual(roots(await samplesOf(source, settings, 'train')));
});

it('keeps the index of each sample of an array that is split', async () => {
  const source = path.join(folder(), 'arrays');
  await mkdir(source);
  const write = (name: string, numbers: Float32Array): Promise<void> =>
    writeFile(
      path.join(source, name),
      Buffer.concat([formatNpyHeader('<f4', [20, 1]), new Uint8Array(numbers.buffer)]),
    );
  await write(
    'x.npy',
    Float32Array.from({ length: 20 }, (_, index) => index),
  );
  await write(
    'y.npy',
    Float32Array.from({ length: 20 }, (_, index) => index / 8),
  );
  const { test } = await importDataset(source, {});
  const positions = await testSamplePositions(test);
  expect(positions!.unit).toBe('index');
  expect(Array.from(positions!.numbers)).toEqual((await samplesOf(source, {}, 'test')).flat());
});

it('goes along with a run that keeps its samples', async () => {
  vi.stubEnv('TORCHWRIGHT_HOME', path.join(folder(), 'home'));
  const { train, test } = await importDataset(await writeTable(), settings);
  expect(await keepData('a-run', { train, test }, false)).toBe(true);
  const kept = await keptData('a-run', { train, test });
  expect(await testSamplePositions(kept!.test)).toEqual(await testSamplePositions(test));
  vi.unstubAllEnvs();
});

it('is not known of what an earlier version imported, which stays readable', async () => {
  const source = await writeTable();
  const { folder: at, test } = await importDataset(source, settings);
  await rm(positionsFile(at, 'test'));
  expect(await testSamplePositions(test)).toBeNull();
  expect((await importDataset(source, settings)).folder).toBe(at);
});

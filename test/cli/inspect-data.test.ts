import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { run, temporaryFolder, useTemporaryHome } from './command.ts';

useTemporaryHome();

it('tells counts, mean and deviation of points, and which of them lie in two classes', async () => {
  const { code, stdout } = await run('data', 'inspect', 'spirals');
  expect(code).toBe(0);
  expect(stdout).toContain('2,400 for training, 600 for testing, 2 features');
  expect(stdout).toMatch(/arm 2 +800 +200/);
  // The arms begin at the same point.
  expect(stdout).toContain('1 with different labels');
});

it('reads a table of one’s own, as JSON, and names rows that are there twice', async () => {
  const file = path.join(temporaryFolder(), 'line.csv');
  // Every row stands twice, so that some of each go to either split.
  const rows = Array.from({ length: 120 }, (_, row) => `${row % 60},${2 * (row % 60) + 0.5}`);
  await writeFile(file, `x,y\n${rows.join('\n')}\n`);
  const { code, stdout } = await run('data', 'inspect', file, '--json');
  expect(code).toBe(0);
  const told = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
    readonly targets: number;
    readonly splits: { readonly train: { readonly samples: number }; readonly test: { readonly samples: number } };
    readonly statistics: { readonly mean: readonly number[] };
    readonly duplicates: { readonly total: number; readonly contradictory: number; readonly testInTrain: number };
  };
  expect(told.targets).toBe(1);
  expect(told.splits.train.samples + told.splits.test.samples).toBe(120);
  expect(told.duplicates).toMatchObject({ total: 60, contradictory: 0 });
  expect(told.duplicates.testInTrain).toBeGreaterThan(0);
  // In words, with the columns by their names; read once, it is kept.
  const words = (await run('data', 'inspect', file)).stdout;
  expect(words).toContain('1 feature\n');
  expect(words).toMatch(/^x +\d/m);
});

it('compares images only', async () => {
  const { code, stderr } = await run('data', 'inspect', 'spirals', '--alike');
  expect(code).not.toBe(0);
  expect(stderr).toContain('images of bytes');
});

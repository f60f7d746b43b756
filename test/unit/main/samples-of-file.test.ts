import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rowsOfTable } from '../../../main/evaluation/samples-of-file.ts';
import type { SampleShape } from '../../../main/evaluation/samples-of-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function rowsOf(text: string, shape: Partial<SampleShape> = {}): Promise<readonly (readonly number[])[]> {
  const file = path.join(folder, 'rows.csv');
  await writeFile(file, text);
  const { rows, refused } = await rowsOfTable(file, { inputShape: [2], columnNames: ['a', 'b'], ...shape });
  expect(refused).toEqual([]);
  return rows.map((row) => [...row]);
}

it('reads numbers with points between thousands, each column as it is written', async () => {
  expect(await rowsOf('b;a\n5.498;1.561,50\n1.176;434,64\n')).toEqual([
    [1561.5, 5498],
    [434.64, 1176],
  ]);
  expect(await rowsOf('a;b\n4,19;1.290\n2,83;5.5\n')).toEqual([
    [4.19, 1.29],
    [2.83, 5.5],
  ]);
});

it('skips the line that names the separator', async () => {
  expect(await rowsOf('sep=;\na;b\n1,5;2\n')).toEqual([[1.5, 2]]);
});

it('reads a table that shows no decimal sign as that of the training', async () => {
  const text = 'a;b\n9.126;3\n8.955;4\n';
  expect(await rowsOf(text)).toEqual([
    [9.126, 3],
    [8.955, 4],
  ]);
  expect(await rowsOf(text, { commaColumns: ['a', 'b'] })).toEqual([
    [9126, 3],
    [8955, 4],
  ]);
  expect(await rowsOf('a;b\n9.126;0.5\n', { commaColumns: ['a', 'b'] })).toEqual([[9.126, 0.5]]);
});

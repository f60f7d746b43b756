import { createHash } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportSettings } from '../../../../core/project/project.ts';
import { planNormalise } from '../../../../core/training/plan-normalise.ts';
import {
  findOlderImport,
  forgetImports,
  importDataset,
  listImports,
} from '../../../../main/datasets/import/import-dataset.ts';
import { inputsFile, targetsFile } from '../../../../main/datasets/import/split-writer.ts';
import { importedCase, importWritten, rowsIn, samplesOf, usesOf } from './imported-tables.ts';
import { caseFolder, inIsolatedCache, refusalOf } from './isolated-cache.ts';

const { folder } = inIsolatedCache();
const imported = (name: string, content: string | Uint8Array, settings: ImportSettings = {}) =>
  importWritten(path.join(folder(), name), content, settings);

describe('the columns', () => {
  it('have a header of numbers where the rows below differ from it in kind', async () => {
    const dataset = await importedCase('csv-numeric-header-class');
    expect(dataset).toMatchObject({ columnNames: ['0', '1', '2'], targetNames: ['y'], classNames: ['0', '1'] });
    expect(samplesOf(dataset)).toBe(30);
  });

  it.each([
    ['0,1,class\n5,3.5,red\n4,3,blue\n3,2,red\n2,1,blue\n', ['0', '1', 'class'], 4],
    ['400,410,y\n5,3,1.5\n4,3,2.5\n', ['400', '410', 'y'], 2],
    ['0,1,2\n5,3,1.5\n4,3,2.5\n', ['0', '1', '2'], 2],
    // No headers: a sample with a missing word, rows of a counting array, plain numbers.
    ['5.1,unknown,1.4\n4.9,3,1.5\n4,3,2\n', ['column1', 'column2', 'column3'], 2],
    ['0,1,2\n3,4,5\n6,7,8.5\n', ['column1', 'column2', 'column3'], 3],
    ['5,3.5,red\n4,3,blue\n3,2,red\n2,1,blue\n', ['column1', 'column2', 'column3'], 4],
  ])('%j: %j', async (text, names, samples) => {
    const { dataset } = await imported('t.csv', text);
    expect([dataset.columns?.map(({ name }) => name), samplesOf(dataset)]).toEqual([names, samples]);
  });

  it('are all in the report: features, the target, what is left out and why', async () => {
    const lines = Array.from({ length: 8 }, (_, row) => `${row},${row * 2},n${row},,${row % 2},7`);
    const { dataset } = await imported('t.csv', `,a,name,nothing,label,a\n${lines.join('\n')}\n`);
    expect(usesOf(dataset)).toEqual([
      'column1: leftOut',
      'a: feature',
      'name: leftOut',
      'nothing: leftOut',
      'label: target',
      'a.1: feature',
    ]);
    expect(dataset.columnNames).toEqual(['a', 'a.1']);
    expect(new Set(dataset.columns?.filter(({ use }) => use === 'leftOut').map(({ why }) => why)).size).toBe(3);
  });

  it('do not have the index that pandas writes', async () => {
    const dataset = await importedCase('csv-pandas-index');
    expect(usesOf(dataset)).toEqual(['column1: leftOut', 'a: feature', 'b: feature', 'label: target']);
  });

  it('that say yes and no, or true and false, are 1 and 0', async () => {
    const words = (row: number): string =>
      `${row % 2 ? 'Yes' : 'no'},${row % 3 ? 'TRUE' : 'False'},yes,${row % 2 ? 'yes' : 'maybe'}`;
    const lines = Array.from({ length: 12 }, (_, row) => `${words(row)},${row}.5`);
    const { dataset, folder: data } = await imported('t.csv', `smokes,active,always,odd,price\n${lines.join('\n')}\n`);
    expect(usesOf(dataset)).toEqual([
      ...['smokes: feature', 'active: feature', 'always: leftOut', 'odd: leftOut', 'price: target'],
    ]);
    const origins = dataset.origins ?? [0, 0];
    const values = (await rowsIn(inputsFile(data, 'train'))).flatMap((row) =>
      row.map((value, at) => value + origins[at]!),
    );
    expect([...new Set(values)].toSorted()).toEqual([0, 1]);
    expect(dataset.notes.filter((note) => note.includes('(smokes, active)'))).toHaveLength(1);
    // As classes they stay the words that they are.
    const asked = await imported('c.csv', `a,sold\n1,yes\n2,no\n3,yes\n4,no\n`);
    expect(asked.dataset.classNames).toEqual(['no', 'yes']);
  });

  it('say of a missing value what stands there, and of classes that they are alike', async () => {
    const lines = Array.from({ length: 9 }, (_, row) => `${['NA', '', '?'][row] ?? row},${row % 2 ? 'cat' : 'Cat'}`);
    const { dataset } = await imported('t.csv', `a,label\n${lines.join('\n')}\n`);
    expect(dataset.skipped.map(({ reason }) => reason)).toEqual([
      'a is missing (NA)',
      'a is empty',
      'a is missing (?)',
    ]);
    expect(dataset.notes.filter((note) => /\bcat, Cat\b|\bCat, cat\b/.test(note))).toHaveLength(1);
  });

  it('that are more than half empty are left out, unless nothing else is there to learn from', async () => {
    const line = (row: number): string => `${row}.5,${row % 20 ? '' : row},${row % 5 ? 'NA' : row},${row % 2}`;
    const { dataset } = await imported(
      't.csv',
      `a,b,c,label\n${Array.from({ length: 60 }, (_, row) => line(row)).join('\n')}\n`,
    );
    expect(usesOf(dataset)).toEqual(['a: feature', 'b: leftOut', 'c: leftOut', 'label: target']);
    const left = (dataset.columns ?? []).filter(({ use }) => use === 'leftOut').map(({ why }) => why);
    expect(left).toEqual([expect.stringContaining('57 of 60 rows'), expect.stringContaining('48 of 60 rows')]);
    expect([samplesOf(dataset), dataset.skipped, dataset.warnings]).toEqual([60, [], undefined]);
    const { dataset: only } = await imported(
      'o.csv',
      `b,c,label\n${Array.from({ length: 60 }, (_, row) => line(row).slice(line(row).indexOf(',') + 1)).join('\n')}\n`,
    );
    expect(usesOf(only)).toEqual(['b: leftOut', 'c: feature', 'label: target']);
    expect(samplesOf(only)).toBe(12);
    // The target is never left out.
    const { dataset: sparse } = await imported(
      's.csv',
      `a,label\n${Array.from({ length: 60 }, (_, row) => `${row}.5,${row % 5 ? '' : row % 2}`).join('\n')}\n`,
    );
    expect(usesOf(sparse)).toEqual(['a: feature', 'label: target']);
    expect(sparse.warnings).toEqual([expect.stringMatching(/target label.*48 of 60 rows/)]);
  });

  it('because of which many rows are left out are in a warning, with the rows that there would be', async () => {
    const table = (cells: (row: number) => string): string =>
      `a,b,c,label\n${Array.from({ length: 100 }, (_, row) => `${cells(row)},${row % 2}`).join('\n')}\n`;
    const warningsOf = async (cells: (row: number) => string) =>
      (await imported('t.csv', table(cells))).dataset.warnings;
    expect(await warningsOf((row) => `${row}.5,${row % 5 ? row : ''},1`)).toBeUndefined();
    expect(await warningsOf((row) => `${row}.5,${row % 4 ? row : ''},${row === 1 ? '' : 1}`)).toEqual([
      expect.stringMatching(/^b is empty in 25 of 100 rows; without this column 99 rows .* 74\./),
    ]);
    expect(await warningsOf((row) => `${row}.5,${row % 4 ? row : 'on request'},1`)).toEqual([
      expect.stringMatching(/^b has no number in 25 of 100 rows/),
    ]);
    // Only together do both bring the rows back.
    expect(await warningsOf((row) => `${row}.5,${row % 4 ? row : ''},${row % 4 ? 1 : ''}`)).toEqual([
      expect.stringMatching(
        /b is empty in 25 of 100 rows, c is empty in 25 of 100 rows; without these columns 100 rows/,
      ),
    ]);
    const spread = (row: number): string => ['a', 'b', 'c'].map((_, column) => (row % 10 === column ? '' : row)).join();
    expect(await warningsOf(spread)).toEqual([expect.stringMatching(/^30 of 100 rows .*a .*10.*b .*10.*c .*10/)]);
  });

  it('that leave fewer than two rows are named', async () => {
    const lines = Array.from({ length: 30 }, (_, row) => `${row % 2 ? row : ''},${row % 2 ? '' : row},${row % 2}`);
    const file = path.join(folder(), 'alternating.csv');
    await writeFile(file, `a,b,label\n${lines.join('\n')}\n`);
    const { message, at } = await refusalOf(file);
    expect(at).toBe(file);
    expect(message).toMatch(/a is empty in 15 of 30 rows, b is empty in 15 of 30 rows/);
  });

  it.each(['id', 'Index', 'row_id', 'Sample No.', '#', 'PassengerId', 'customer id', 'userID'])(
    'do not have the row numbers called %s',
    async (name) => {
      const lines = Array.from({ length: 8 }, (_, row) => `${1001 + row},${row * 2},${row % 2}`);
      const { dataset } = await imported('t.csv', `${name},a,label\n${lines.join('\n')}\n`);
      expect(usesOf(dataset)).toEqual([`${name}: leftOut`, 'a: feature', 'label: target']);
      const shuffled = [3, 0, 5, 1, 7, 2, 6, 4].map((row) => lines[row]);
      const { dataset: other } = await imported('shuffled.csv', `${name},a,label\n${shuffled.join('\n')}\n`);
      expect(usesOf(other)).toEqual(usesOf(dataset));
    },
  );

  it('have an id that is no row number, and row numbers where there is nothing else', async () => {
    const { dataset } = await imported('ids.csv', 'id,a,label\n7,1,0\n7,2,1\n9,3,0\n');
    expect(usesOf(dataset)).toEqual(['id: feature', 'a: feature', 'label: target']);
    const { dataset: series } = await imported('series.csv', 'index,value\n1,2.5\n2,3.5\n3,4.25\n');
    expect(usesOf(series)).toEqual(['index: feature', 'value: target']);
  });

  it('have the target by its name, else in the last place', async () => {
    const dataset = await importedCase('csv-label-first', 'train.csv');
    expect(dataset).toMatchObject({ targetNames: ['label'], columnNames: ['pixel0', 'pixel1', 'pixel2', 'pixel3'] });
    expect(dataset.classNames).toHaveLength(10);
    const { dataset: last } = await imported('last.csv', 'a,b\n1,x\n2,y\n3,x\n');
    expect(last.targetNames).toEqual(['b']);
    const { dataset: place } = await imported('place.csv', 'x,y,z\n1,2,3.5\n2,3,4.5\n3,4,1.5\n');
    expect(place.targetNames).toEqual(['z']);
    const { dataset: asked } = await imported('asked.csv', 'label,b\n1,2.5\n2,3.5\n3,4.5\n', { target: 'b' });
    expect(asked.targetNames).toEqual(['b']);
  });
});

describe('the classes', () => {
  it('may be called NA', async () => {
    const dataset = await importedCase('csv-class-NA');
    expect(dataset).toMatchObject({ classNames: ['DE', 'FR', 'NA'], skipped: [] });
    expect(samplesOf(dataset)).toBe(30);
  });

  it.each(['None', 'null', '-', '?', 'n/a'])('may be called %s, but not nothing', async (word) => {
    const lines = Array.from({ length: 9 }, (_, row) => `${row},${[word, 'Mild', 'Severe'][row % 3]}`);
    const { dataset } = await imported('t.csv', `a,grade\n${lines.join('\n')}\n9,\n`);
    expect(new Set(dataset.classNames)).toEqual(new Set([word, 'Mild', 'Severe']));
    expect(dataset.skipped).toMatchObject([{ count: 1 }]);
  });

  it('of numbers are missing where a word says so', async () => {
    const lines = Array.from({ length: 9 }, (_, row) => `${row},${[0, 1, 'NA'][row % 3]}`);
    const { dataset } = await imported('t.csv', `a,y\n${lines.join('\n')}\n`);
    expect(dataset).toMatchObject({ classNames: ['0', '1'], skipped: [{ count: 3 }] });
  });

  it('are told apart by value and are in its order', async () => {
    expect((await importedCase('csv-label-mixed-float')).classNames).toEqual(['0', '1']);
    expect((await importedCase('csv-negative-labels')).classNames).toEqual(['-2', '-1', '0', '1', '10']);
    const [small, large] = ['9007199254740992', '9007199254740993'];
    const lines = Array.from({ length: 8 }, (_, row) => `${row},${row % 2 === 0 ? large : small}`);
    const { dataset, folder: place } = await imported('t.csv', `a,y\n${lines.join('\n')}\n`);
    expect(dataset.classNames).toEqual([small, large]);
    const [rows, labels] = [await rowsIn(inputsFile(place, 'train')), await rowsIn(targetsFile(place, 'train'))];
    expect(labels.map(([label]) => label)).toEqual(rows.map(([a]) => 1 - (a! % 2)));
  });
});

it('numbers far from zero keep their differences', async () => {
  const { dataset, folder: place } = await importDataset(path.join(caseFolder('csv-timestamp-decides'), 't.csv'), {});
  const { statistics, origins } = dataset;
  expect(statistics.std[0]).toBeCloseTo(15, 1);
  expect(Math.abs(statistics.mean[0]! - 1_760_000_015)).toBeLessThan(1);
  // What the engine computes from what is stored is the standardised number.
  const values = { kind: 'floats', statistics, ...(origins && { origins }) } as const;
  const planned = planNormalise({ kind: 'zscore' }, 2, values);
  if (planned.kind !== 'affine') throw new Error('the statistics are known');
  const { scale, offset } = planned;
  const standardised = (await rowsIn(inputsFile(place, 'train'))).map(([when]) => when! * scale[0]! + offset[0]!);
  const expected = [1_760_000_000, 1_760_000_030].map((when) => (when - statistics.mean[0]!) / statistics.std[0]!);
  for (const value of standardised)
    expect(Math.min(...expected.map((one) => Math.abs(one - value)))).toBeLessThan(1e-6);
  expect(new Set(standardised).size).toBe(2);
});

describe('a table for testing', () => {
  const write = async (train: string, test: string): Promise<string> => {
    const place = path.join(folder(), 'tables');
    await mkdir(place);
    await writeFile(path.join(place, 'train.csv'), train);
    await writeFile(path.join(place, 'test.csv'), test);
    return place;
  };

  it('is read by the names of its columns', async () => {
    const place = await write('a,b,label\n1,2,x\n3,4,y\n', 'label;b;a\nx;2,5;1\n');
    const { dataset, folder: read } = await importDataset(place, {});
    expect(dataset).toMatchObject({ trainSamples: 2, testSamples: 1 });
    expect(await rowsIn(inputsFile(read, 'test'))).toEqual([[1, 2.5]]);
  });

  it('is read as that for training where it does not show how its numbers are written', async () => {
    const place = await write('a;b;label\n1.561,5;1;x\n3,5;4;y\n', 'b;label;a\n1;x;9.126\n2;y;8.955\n');
    const { folder: read } = await importDataset(place, {});
    expect(await rowsIn(inputsFile(read, 'test'))).toEqual([
      [9126, 1],
      [8955, 2],
    ]);
  });

  it('is reported and not used where it has no target', async () => {
    const rows = Array.from({ length: 10 }, (_, row) => `${row},${row % 2}`);
    const { dataset } = await importDataset(await write(`a,label\n${rows.join('\n')}\n`, 'a\n1\n2\n'), {});
    expect(dataset).toMatchObject({ trainSamples: 8, testSamples: 2 });
    expect(dataset.notes.some((note) => note.includes('test.csv'))).toBe(true);
  });

  it('is refused where a feature is missing', async () => {
    const place = await write('a,b,label\n1,2,x\n3,4,y\n', 'a,label\n1,x\n');
    await expect(importDataset(place, {})).rejects.toMatchObject({ failure: { code: 'badData' } });
  });
});

it('what an earlier version read is found for its runs and listed once', async () => {
  const { folder: read, dataset } = await imported('t.csv', 'a,b\n1,x\n2,y\n3,x\n4,y\n');
  const { source } = dataset;
  expect(await findOlderImport(source, {})).toBeNull();
  // Where the first version put it: its settings were six.
  const name = createHash('sha256').update(JSON.stringify([source, new Array(6).fill(null)]));
  const place = path.join(path.dirname(path.dirname(read)), `t-csv-${name.digest('hex').slice(0, 16)}`);
  await cp(path.dirname(read), place, { recursive: true });
  const older = await findOlderImport(source, {});
  expect(older?.folder).toBe(path.join(place, path.basename(read)));
  expect((await listImports()).map((found) => found.source)).toEqual([source]);
  await forgetImports(source);
  expect(await findOlderImport(source, {})).toBeNull();
});

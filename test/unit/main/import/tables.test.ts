import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportedDataset } from '../../../../core/contract/data.ts';
import type { ImportSettings } from '../../../../core/project/project.ts';
import { planNormalise } from '../../../../core/training/plan-normalise.ts';
import {
  findOlderImport,
  forgetImports,
  importDataset,
  listImports,
} from '../../../../main/datasets/import/import-dataset.ts';
import { npyRows, openNpy } from '../../../../main/datasets/import/npy-file.ts';
import { inputsFile, targetsFile } from '../../../../main/datasets/import/split-writer.ts';
import { formatOfTable } from '../../../../main/datasets/import/table-format.ts';
import { refusalOf } from './isolated-cache.ts';

const casesFolder = path.resolve(import.meta.dirname, '../../../cases');
let folder: string;
const before = process.env['TORCHWRIGHT_CACHE'];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  process.env['TORCHWRIGHT_CACHE'] = path.join(folder, 'cache');
});
afterEach(async () => {
  if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
  else process.env['TORCHWRIGHT_CACHE'] = before;
  await rm(folder, { recursive: true, force: true });
});

async function importedCase(name: string, file = 't.csv'): Promise<ImportedDataset> {
  return (await importDataset(path.join(casesFolder, name, file), {})).dataset;
}

async function imported(name: string, content: string | Uint8Array, settings: ImportSettings = {}) {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return importDataset(file, settings);
}

async function rowsIn(file: string): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const row of npyRows(await openNpy(file))) rows.push([...row]);
  return rows;
}

/** Of all samples and columns, as they stand in the file. */
async function numbersOf({ origins }: ImportedDataset, data: string): Promise<number[]> {
  const rows = [...(await rowsIn(inputsFile(data, 'train'))), ...(await rowsIn(inputsFile(data, 'test')))];
  const value = (stored: number, column: number): number => Number((stored + (origins?.[column] ?? 0)).toPrecision(7));
  return rows.flatMap((row) => row.map(value));
}

const bySize = (one: number, other: number): number => one - other;

function usesOf({ columns }: ImportedDataset): readonly string[] {
  return (columns ?? []).map(({ name, use }) => `${name}: ${use}`);
}

const samplesOf = ({ trainSamples, testSamples }: ImportedDataset): number => trainSamples + testSamples;

describe('how a table is written', () => {
  it.each(['csv-decimal-comma-header', 'csv-decimal-comma-noheader'])('%s: numbers have commas', async (name) => {
    const dataset = await importedCase(name);
    expect(dataset).toMatchObject({ inputShape: [2], classNames: ['ja', 'nein'], skipped: [] });
    expect(samplesOf(dataset)).toBe(20);
    // Of all rows the first column's mean is 10 and the second one's 19.25; the training rows lie around them.
    expect(dataset.statistics.mean[0]).toBeCloseTo(11.25, 10);
    expect(dataset.statistics.mean[1]).toBeCloseTo(21.75, 10);
  });

  it.each([
    ['1,2,x;y\n3,4,z;w\n', ',', '...'],
    ['a;b\n1,5;2\n', ';', ',,'],
    ['1.5;2,5;x\n1.25;3,5;y\n2.75;4;z\n', ';', '.,.'],
    ['1.234,5;a\n2.345,25;b\n', ';', ',,'],
    ['"a, b"\t1\n"c, d"\t2\n', '\t', '..'],
    ['a|b\n1|2\n', '|', '..'],
    ['a;b;y\n6,19;8.764;x\n4,35;1.208;y\n', ';', ',,,'],
    ['a,b,y\n"23,8","5,44",y\n"91,6","4,74",x\n', ',', ',,,'],
    ['a,y\n"1,200",y\n"3,400",x\n', ',', '..'],
    ['a;y\n9.126;x\n8.955;y\n', ';', '..'],
    ['a;y\n9,126;x\n8,955;y\n', ';', ',,'],
  ])('%j', (text, delimiter, decimals) => {
    const format = formatOfTable(text);
    expect({ ...format, decimals: format.decimals.join('') }).toEqual({
      ...{ delimiter, decimals, hasSeparatorLine: false, comments: 0 },
    });
  });

  it.each([
    ['sep=;\n', ';'],
    ['\ufeffsep=;\r\n', ';'],
    ['"sep=;"\n', ';'],
    ['SEP=;;;\n', ';'],
    ['sep=\t\n', '\t'],
    ['sep=\\t\n', '\t'],
    ['sep=,\n', ','],
    ['sep=:\n', ':'],
    ['sep=;\n# by me\n', ';'],
  ])('%j names what separates the cells and is not a row', async (line, separator) => {
    const lines = Array.from({ length: 8 }, (_, row) => [row, row * 2, row % 2 ? 'x' : ''].join(separator));
    const table = ['a', 'b', 'y'].join(separator);
    const { dataset } = await imported('t.csv', `${line}${table}\n${lines.join('\n')}\n`);
    expect(dataset).toMatchObject({ columnNames: ['a', 'b'], targetNames: ['y'] });
    // Lines are counted as an editor does.
    const above = line.split('\n').length;
    expect(dataset.skipped).toMatchObject([{ count: 4 }]);
    expect(dataset.skipped[0]!.examples[0]).toMatch(new RegExp(`:${above + 1}$`));
  });

  it('with a few words for missing numbers is still of numbers, whose odd rows are left out by name', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, row) => `${row},${row % 2 ? 'ja' : 'nein'},${row % 20 ? row * 7.25 : 'auf Anfrage'}`,
    );
    const { dataset } = await imported('t.csv', `Größe,Balkon,Preis\n${lines.join('\n')}\n`);
    expect(dataset).toMatchObject({ task: 'regression', targetNames: ['Preis'], columnNames: ['Größe', 'Balkon'] });
    expect(samplesOf(dataset)).toBe(57);
    expect(dataset.skipped).toMatchObject([{ reason: 'Preis holds no number', count: 3 }]);
    // As many words as numbers are classes.
    const half = Array.from({ length: 60 }, (_, row) => `${row},${row % 2 ? row * 7.25 : 'none here'}`);
    expect((await imported('u.csv', `a,b\n${half.join('\n')}\n`)).dataset.task).toBe('classification');
  });

  it('as spreadsheets and people write numbers: commas between thousands, and percent', async () => {
    const lines = Array.from(
      { length: 20 },
      (_, row) => `"${row + 1},526.5",${row * 1.5}%,"-1,0${10 + row}",${row}.25`,
    );
    const { dataset, folder: data } = await imported('t.csv', `amount,share,change,sold\n${lines.join('\n')}\n`);
    expect(dataset).toMatchObject({ columnNames: ['amount', 'share', 'change'], skipped: [] });
    const [origin] = [dataset.origins ?? [0, 0, 0]];
    const rows = (await rowsIn(inputsFile(data, 'train'))).map((row) =>
      row.map((value, column) => value + origin[column]!),
    );
    for (const row of rows) {
      const at = Math.round(row[1]! / 1.5);
      expect(row).toEqual([(at + 1) * 1000 + 526.5, at * 1.5, -(1000 + 10 + at)]);
    }
    expect(dataset.notes.filter((note) => note.includes('amount, change'))).toHaveLength(1);
    expect(dataset.notes.filter((note) => note.includes('(share)'))).toHaveLength(1);
  });

  it.each<[string, readonly (readonly string[])[], number[]]>([
    [
      'German',
      [
        ['1.561,50', '5.498'],
        ['434,64', '1.176'],
      ],
      [1561.5, 5498, 434.64, 1176],
    ],
    [
      'German, shown by another column',
      [
        ['9.126', '8.570,5'],
        ['8.955', '12'],
      ],
      [9126, 8570.5, 8955, 12],
    ],
    [
      'German millions',
      [
        ['1.234.567', '2.5x'],
        ['2.345', '7'],
      ],
      [1234567, 2345],
    ],
    [
      'German, shown by a decimal comma alone',
      [
        ['6,19', '8.764'],
        ['4,35', '1.208'],
      ],
      [6.19, 8764, 4.35, 1208],
    ],
    [
      'English',
      [
        ['1,561.50', '5,498'],
        ['434.64', '1,176'],
      ],
      [1561.5, 5498, 434.64, 1176],
    ],
    [
      'English, with decimals of a comma and a zero',
      [
        ['0.5', '0,125'],
        ['1.5', '0,25'],
      ],
      [0.5, 0.125, 1.5, 0.25],
    ],
    [
      'Swiss',
      [
        ["9'662.50", "1'234'567"],
        ['149.50', '12'],
      ],
      [9662.5, 1234567, 149.5, 12],
    ],
    [
      'Swiss, as typeset',
      [
        ['9’662.50', '1’234’567'],
        ['149.50', '12'],
      ],
      [9662.5, 1234567, 149.5, 12],
    ],
    [
      'French',
      [
        ['9\u202f662,50', '1\u00a0234\u00a0567'],
        ['149,5', '12'],
      ],
      [9662.5, 1234567, 149.5, 12],
    ],
    [
      'with spaces',
      [
        ['9 662.50', '1 234,567'],
        ['149.50', '12'],
      ],
      [9662.5, 1234.567, 149.5, 12],
    ],
    [
      'of percent',
      [
        ['1.234,5 %', '3'],
        ['2,5 %', '4'],
      ],
      [1234.5, 3, 2.5, 4],
    ],
    [
      'of both kinds, by column',
      [
        ['4,19', '1.290'],
        ['2,83', '5.5'],
      ],
      [4.19, 1.29, 2.83, 5.5],
    ],
    [
      'undecided',
      [
        ['9.126', '1'],
        ['8.955', '2'],
      ],
      [9.126, 1, 8.955, 2],
    ],
  ])('with numbers that are %s', async (name, cells, expected) => {
    const rows = Array.from({ length: 4 }, (_, row) => [...cells[row % 2]!, row % 2 ? 'x' : 'y'].join(';'));
    const { dataset, folder: data } = await imported('t.csv', `a;b;y\n${rows.join('\n')}\n`);
    const width = dataset.inputShape[0]!;
    expect([...new Set(await numbersOf(dataset, data))].toSorted(bySize), name).toEqual([...expected].toSorted(bySize));
    expect(dataset.skipped).toEqual([]);
    expect(width * 2).toBe(expected.length);
  });

  it('shows only far below how its numbers are written', async () => {
    const rows = Array.from({ length: 300 }, (_, row) =>
      `${row % 9}.126;${row};${row % 2 ? 'x' : 'y'}`.replace(/^0\./, '9.'),
    );
    const { dataset, folder: data } = await imported('t.csv', `a;b;y\n${rows.join('\n')}\n1.561,50;0;x\n`);
    expect(
      (await numbersOf(dataset, data)).filter((value) => value > 0 && value < 1000 && !Number.isInteger(value)),
    ).toEqual([]);
    expect(dataset.notes.filter((note) => note.includes('points in a '))).toHaveLength(1);
  });

  it('with both decimal signs reports in which columns, and leaves no row unexplained', async () => {
    const rows = (b: (row: number) => string): string =>
      Array.from({ length: 12 }, (_, row) => `${row},25;${b(row)};${row % 2 ? 'x' : 'y'}`).join('\n');
    const { dataset } = await imported('t.csv', `first;second;y\n${rows((row) => `${row}.75`)}\n`);
    expect(dataset.notes.filter((note) => /first.*second/.test(note))).toHaveLength(1);
    expect(samplesOf(dataset)).toBe(12);
    const within = (row: number): string => (row < 9 ? `${row}.75` : `${row},75`);
    const { dataset: mixed } = await imported('u.csv', `first;second;y\n${rows(within)}\n`);
    expect(mixed.notes.filter((note) => /second.*\b9\b.*\b3\b/.test(note))).toHaveLength(1);
    expect(mixed.skipped).toMatchObject([{ count: 3 }]);
    expect(samplesOf(mixed)).toBe(9);
  });

  it('whose points may separate thousands reports it only where nothing decides', async () => {
    const notesOf = async (a: string, b: string): Promise<number> => {
      const rows = Array.from({ length: 6 }, (_, row) => `${a};${b};${row % 2 ? 'x' : 'y'}`);
      const { dataset } = await imported(`${a}${b}.csv`, `amount;b;y\n${rows.join('\n')}\n`);
      return dataset.notes.filter((note) => /amount.*9[.,]?126.*9[.,]?126/.test(note)).length;
    };
    expect(await notesOf('9.126', '3')).toBe(1);
    expect(await notesOf('9,126', '3')).toBe(1);
    expect(await notesOf('9.126', '0.5')).toBe(0);
    expect(await notesOf('9.126', '8,5')).toBe(0);
  });

  it('is not refused as empty where its rows have other cells than its first line', async () => {
    const file = path.join(folder, 't.csv');
    await writeFile(file, `a;b\n${'1;2;x\n'.repeat(7)}`);
    const refusal = await refusalOf(file);
    expect(refusal).toMatchObject({ code: 'badData', at: `${file}:2` });
    expect(refusal.message).toMatch(/\b7 rows\b/);
    await writeFile(file, 'a;b\n');
    expect(await refusalOf(file)).toMatchObject({ code: 'badData', at: file });
  });

  it('with a separator behind every line, or only behind its rows', async () => {
    const rows = Array.from({ length: 8 }, (_, row) => `${row}.5;${row * 2};${row}.25;`).join('\n');
    for (const header of ['a;b;y;', 'a;b;y']) {
      const { dataset } = await imported('t.csv', `${header}\n${rows}\n`);
      expect(dataset).toMatchObject({ columnNames: ['a', 'b'], targetNames: ['y'], skipped: [] });
      expect(samplesOf(dataset)).toBe(8);
    }
  });

  it('with comments above, which the lines of the rows count', async () => {
    const rows = Array.from({ length: 8 }, (_, row) =>
      `${row}.5,${row * 2},${row === 3 ? '' : row}.25x`.replace('x', ''),
    );
    const text = `# measured 2024, by me\n\n# twice\na,b,y\n${rows.join('\n').replace(',.25', ',')}\n`;
    const { dataset } = await imported('t.csv', text);
    expect(dataset).toMatchObject({ columnNames: ['a', 'b'], targetNames: ['y'] });
    expect(dataset.skipped).toMatchObject([{ count: 1, examples: [expect.stringMatching(/:8$/)] }]);
    expect((await imported('u.csv', `# a,b,y\n${rows.join('\n')}\n`)).dataset.columnNames).toEqual(['# a', 'b']);
  });

  const text = 'größe,köln\n1,süß\n2,öd\n3,süß\n4,öd\n';
  const wide = (isBigEndian: boolean, withMark: boolean): Uint8Array => {
    const bytes = Buffer.from(`${withMark ? '\ufeff' : ''}${text}`, 'utf16le');
    return isBigEndian ? bytes.swap16() : bytes;
  };
  it.each([
    ['UTF-8', Buffer.from(text), 0],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 0],
    ['Windows-1252', Buffer.from(text, 'latin1'), 1],
    ['UTF-16', wide(false, true), 1],
    ['UTF-16 without a mark', wide(false, false), 1],
    ['UTF-16, big-endian', wide(true, true), 1],
  ])('%s is read, and reported where it is not UTF-8', async (_, bytes, reported) => {
    const { dataset } = await imported('t.csv', bytes);
    expect(dataset).toMatchObject({ classNames: ['öd', 'süß'], columnNames: ['größe'], targetNames: ['köln'] });
    expect(dataset.notes).toHaveLength(1 + reported);
  });
});

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
    const file = path.join(folder, 'alternating.csv');
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
  const { dataset, folder: place } = await importDataset(path.join(casesFolder, 'csv-timestamp-decides/t.csv'), {});
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
    const place = path.join(folder, 'tables');
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

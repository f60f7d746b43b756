import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportSettings } from '../../../../core/project/project.ts';
import { inputsFile } from '../../../../main/datasets/import/split-writer.ts';
import { formatOfTable } from '../../../../main/datasets/import/table-format.ts';
import { bySize, importedCase, importWritten, numbersOf, rowsIn, samplesOf } from './imported-tables.ts';
import { inIsolatedCache, refusalOf } from './isolated-cache.ts';

const { folder } = inIsolatedCache();
const imported = (name: string, content: string | Uint8Array, settings: ImportSettings = {}) =>
  importWritten(path.join(folder(), name), content, settings);

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
    const file = path.join(folder(), 't.csv');
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

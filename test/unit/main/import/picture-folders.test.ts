import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { ImportedDataset } from '../../../../core/contract/data.ts';
import { tallyOf } from '../../../../core/inspection/import-report.ts';
import { importDataset } from '../../../../main/datasets/import/import-dataset.ts';
import { npyRows, openNpy } from '../../../../main/datasets/import/npy-file.ts';
import { inputsFile, targetsFile } from '../../../../main/datasets/import/split-writer.ts';
import { caseFolder, inIsolatedCache, read, refusalOf } from './isolated-cache.ts';

const isolated = inIsolatedCache();

const grey = (value: number, width = 4, height = 4): Uint8Array =>
  encode({ width, height, channels: 1, data: new Uint8Array(width * height).fill(value) });

/** A folder of files, by name below it; the pictures are grey. */
async function madeOf(names: readonly string[], texts: Readonly<Record<string, string>> = {}): Promise<string> {
  const place = path.join(isolated.folder(), 'data');
  await mkdir(place, { recursive: true });
  for (const name of [...names, ...Object.keys(texts)]) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true });
    await writeFile(path.join(place, name), texts[name] ?? grey(names.indexOf(name)));
  }
  return place;
}

const of = (...folders: readonly string[]): string[] =>
  folders.flatMap((folder) => ['0.png', '1.png', '2.png'].map((name) => `${folder}/${name}`));

/** By the system's own walk: every visible file is in the report. */
async function expectAccounted(dataset: ImportedDataset): Promise<void> {
  const entries = await readdir(dataset.source, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  expect(tallyOf(dataset)?.total).toBe(files.length);
}

const leftOut = (dataset: ImportedDataset): string[] => dataset.skipped.flatMap(({ examples }) => examples).sort();

describe('the cases of issue 14', () => {
  it.each([
    ['img-Train-Test', ['cat', 'dog'], { train: [4, 4], test: [4, 4] }, []],
    ['img-train-only', ['cat', 'dog'], { train: [3, 3], test: [1, 1] }, []],
    ['img-stray-csv', ['cat', 'dog'], { train: [5, 5], test: [1, 1] }, ['labels.csv']],
    ['img-train-txt', ['cat', 'dog'], { train: [4, 4], test: [2, 2] }, []],
    [
      'img-train-val-test',
      ['cat', 'dog'],
      { train: [4, 4], test: [4, 4] },
      ['val/cat/0.png', 'val/cat/1.png', 'val/cat/2.png', 'val/cat/3.png', 'val/dog/0.png'],
    ],
  ])('%s', async (name, classNames, classCounts, others) => {
    const dataset = await read(caseFolder(name));
    expect(dataset).toMatchObject({ kind: 'images', classNames, classCounts });
    expect(leftOut(dataset)).toEqual(others);
    await expectAccounted(dataset);
  });

  it('img-empty-class names the folder without pictures', async () => {
    const place = path.join(isolated.folder(), 'data');
    await cp(caseFolder('img-empty-class'), place, { recursive: true });
    await mkdir(path.join(place, 'bird'));
    const dataset = await read(place);
    expect(dataset.classNames).toEqual(['cat', 'dog']);
    expect(dataset.notes.some((note) => note.includes('bird'))).toBe(true);
  });
});

describe('folders', () => {
  it.each([
    ['TRAINING', 'Validation'],
    ['seg_train', 'seg_test'],
    ['TrainImages', 'TestImages'],
    ['mytrain', 'mytest'],
    ['train2017', 'val2017'],
  ])('%s and %s are parts', async (train, test) => {
    const dataset = await read(await madeOf(of(`${train}/a`, `${train}/b`, `${test}/a`, `${test}/b`)));
    expect(dataset).toMatchObject({ classNames: ['a', 'b'], classCounts: { train: [3, 3], test: [3, 3] } });
  });

  it('train is a class among other classes', async () => {
    expect((await read(await madeOf(of('bus', 'train', 'car')))).classNames).toEqual(['bus', 'car', 'train']);
  });

  it('around the data are descended into, also within parts', async () => {
    const names = of('set/v1/train/train/a', 'set/v1/train/train/b', 'set/v1/test/a', 'set/v1/test/b');
    const dataset = await read(await madeOf(names, { 'readme.md': 'pictures', 'set/licence.txt': 'free' }));
    expect(dataset).toMatchObject({ classNames: ['a', 'b'], classCounts: { train: [3, 3], test: [3, 3] } });
    expect(leftOut(dataset)).toEqual(['readme.md', 'set/licence.txt']);
    await expectAccounted(dataset);
  });

  it('of parts may lie within those of classes', async () => {
    const dataset = await read(await madeOf(of('a/train', 'a/test', 'b/train', 'b/test')));
    expect(dataset).toMatchObject({ classNames: ['a', 'b'], classCounts: { train: [3, 3], test: [3, 3] } });
  });

  it('of a class may be links; loops, broken links and pipes are left out', async () => {
    const place = await madeOf(of('cat', 'dog'));
    await mkdir(path.join(isolated.folder(), 'elsewhere'));
    await writeFile(path.join(isolated.folder(), 'elsewhere', '0.png'), grey(9));
    await symlink(path.join(isolated.folder(), 'elsewhere'), path.join(place, 'bird'));
    await symlink(place, path.join(place, 'dog', 'around'));
    await symlink(path.join(place, 'nowhere'), path.join(place, 'dog', 'broken.png'));
    execFileSync('mkfifo', [path.join(place, 'dog', 'pipe.png')]);
    const dataset = await read(place);
    expect(dataset.classNames).toEqual(['bird', 'cat', 'dog']);
    expect(leftOut(dataset)).toEqual(['dog/around', 'dog/broken.png', 'dog/pipe.png']);
    expect(tallyOf(dataset)).toEqual({ total: 10, used: 7, leftOut: 3 });
  });

  it('with composed and decomposed names are one class', async () => {
    const [composed, decomposed] = ['Möwe'.normalize('NFC'), 'Möwe'.normalize('NFD')];
    const names = [...of(`train/${composed}`, 'train/x'), ...of(`test/${decomposed}`, 'test/x')];
    const dataset = await read(await madeOf(names));
    expect(dataset.classNames).toEqual([composed, 'x']);
    expect(dataset.classCounts).toEqual({ train: [3, 3], test: [3, 3] });
  });

  it('leave pictures beside the classes out, by name', async () => {
    const dataset = await read(await madeOf([...of('cat', 'dog'), 'stray.png']));
    expect(dataset).toMatchObject({ classNames: ['cat', 'dog'], trainSamples: 4, testSamples: 2 });
    expect(leftOut(dataset)).toEqual(['stray.png']);
  });

  it('of tests without classes are left out, and tests are drawn', async () => {
    const dataset = await read(await madeOf([...of('train/cat', 'train/dog'), 'test/1.png', 'test/2.png']));
    expect(dataset.classCounts).toEqual({ train: [2, 2], test: [1, 1] });
    expect(leftOut(dataset)).toEqual(['test/1.png', 'test/2.png']);
    await expectAccounted(dataset);
  });

  it('of validation and tests alone are refused', async () => {
    expect(await refusalOf(await madeOf(of('val/a', 'val/b', 'test/a', 'test/b')))).toMatchObject({ code: 'badData' });
  });

  it('without classes and without a list are refused with both ways', async () => {
    const failure = await refusalOf(await madeOf(['a.png', 'b.png']));
    expect(failure).toMatchObject({ code: 'badData' });
    expect(failure.advice).toContain('CSV');
  });

  it('with a picture beside a table are a table', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => `${row},${row % 2 ? 'odd' : 'even'}`);
    const dataset = await read(await madeOf(['plot.png'], { 'numbers.csv': `n,parity\n${rows.join('\n')}\n` }));
    expect(dataset).toMatchObject({ kind: 'table', classNames: ['even', 'odd'] });
    expect(leftOut(dataset)).toEqual(['plot.png']);
    await expectAccounted(dataset);
  });
});

describe('a list beside the pictures', () => {
  const names = Array.from({ length: 10 }, (_, index) => `images/p${index}.png`);
  const label = (index: number): string => (index % 2 ? 'odd' : 'even');

  it.each([
    ['names', (index: number) => `p${index}.png`],
    ['names without endings', (index: number) => `p${index}`],
    ['paths of another machine', (index: number) => `C:\\old\\images\\p${index}.png`],
  ])('of %s gives the classes', async (_, nameOf) => {
    const rows = names.slice(0, 8).map((__, index) => `${nameOf(index)},${index * 7},${label(index)}`);
    const place = await madeOf(names, { 'list.csv': `id,width,label\n${rows.join('\n')}\n` });
    const dataset = await read(place);
    expect(dataset).toMatchObject({ kind: 'images', classNames: ['even', 'odd'], trainSamples: 6, testSamples: 2 });
    expect(dataset.files).toContainEqual({ role: 'labels', count: 1, examples: ['list.csv'] });
    expect(leftOut(dataset)).toEqual(['images/p8.png', 'images/p9.png']);
    await expectAccounted(dataset);
  });

  it('may name the column by data.import.target', async () => {
    const rows = names.map((name, index) => `${name};${label(index)};${index < 5 ? 'low' : 'high'}`);
    const place = await madeOf(names, { 'list.csv': `path;class;half\n${rows.join('\n')}\n` });
    expect((await read(place, { target: 'half' })).classNames).toEqual(['high', 'low']);
  });

  it('for each part gives classes and parts', async () => {
    const rows = (from: number, to: number): string =>
      names
        .slice(from, to)
        .map((name, index) => `${name} ${label(from + index)}\n`)
        .join('');
    const dataset = await read(await madeOf(names, { 'train.txt': rows(0, 6), 'test.txt': rows(6, 10) }));
    expect(dataset).toMatchObject({ classNames: ['even', 'odd'], classCounts: { train: [3, 3], test: [2, 2] } });
  });

  it.each([
    ['.', 'file,age', ','],
    [',', 'file;age', ';'],
    [',', 'sep=;\nfile;age', ';'],
  ])('of many different numbers with %j gives numbers to predict, below %j', async (decimal, head, separator) => {
    const rows = names.map((_, index) => `p${index}.png${separator}${String(1.5 * index).replace('.', decimal)}`);
    const place = await madeOf(names, { 'list.csv': `${head}\n${rows.join('\n')}\n` });
    const { dataset, folder } = await importDataset(place, {});
    expect(dataset).toMatchObject({
      kind: 'images',
      task: 'regression',
      targets: 1,
      targetNames: ['age'],
      classNames: [],
    });
    const [inputs, targets] = [
      await numbersIn(inputsFile(folder, 'train')),
      await numbersIn(targetsFile(folder, 'train')),
    ];
    // The pictures of this test are as grey as their number says.
    expect(targets.map(([age]) => age)).toEqual(inputs.map(([value]) => 1.5 * value!));
  });

  it('may be written in another encoding than UTF-8', async () => {
    const place = await madeOf(names);
    const text = `Bild;Klasse\n${names.map((_, index) => `p${index};${index % 2 ? 'Möwe' : 'Amsel'}`).join('\n')}\n`;
    await writeFile(path.join(place, 'list.csv'), Buffer.from(text, 'latin1'));
    expect((await read(place)).classNames).toEqual(['Amsel', 'Möwe']);
  });
});

async function numbersIn(file: string): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const row of npyRows(await openNpy(file))) rows.push([...row]);
  return rows;
}

import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../../../core/failure.ts';
import { FailureError } from '../../../../core/failure.ts';
import { emptyProject } from '../../../../core/project/empty-project.ts';
import { missingSource } from '../../../../core/project/missing-source.ts';
import type { ImportSettings } from '../../../../core/project/project.ts';
import { warningsInWords } from '../../../../core/inspection/import-report.ts';
import { addressInWords } from '../../../../main/datasets/import/sample-address.ts';
import { sampleAddresses } from '../../../../main/datasets/import/sample-names.ts';
import { checkSource, locateDataset } from '../../../../main/datasets/datasets.ts';
import { forgetImports, importDataset, listImports, onRead } from '../../../../main/datasets/import/import-dataset.ts';
import { npyRows, openNpy } from '../../../../main/datasets/import/npy-file.ts';
import { inputsFile, targetsFile } from '../../../../main/datasets/import/split-writer.ts';
import { inspectDataset } from '../../../../main/datasets/inspect/inspect-dataset.ts';
import { fitToData } from '../../../../main/projects/fit-to-data.ts';

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

async function rowsIn(file: string): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const row of npyRows(await openNpy(file))) rows.push([...row]);
  return rows;
}

async function refusalOf(source: string, settings: ImportSettings = {}): Promise<Failure> {
  const thrown: unknown = await importDataset(source, settings).catch((error: unknown) => error);
  if (!(thrown instanceof FailureError)) throw new Error(`no failure: ${String(thrown)}`);
  return thrown.failure;
}

async function writeTable(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('a table', () => {
  it('becomes columns and classes, and says what it left out', async () => {
    const lines = Array.from({ length: 40 }, (_, row) => `${row},n${row},${row % 2 ? 'odd' : 'even'}`);
    lines[4] = '4,n4,';
    lines[7] = 'seven,n7,odd';
    lines[9] = '9,n9';
    const source = await writeTable('parity.csv', `\ufeffnumber,name,parity\n${lines.join('\n')}\n`);
    const { dataset, folder: place } = await importDataset(source, {});
    expect(dataset).toMatchObject({
      kind: 'table',
      task: 'classification',
      inputShape: [1],
      classNames: ['even', 'odd'],
    });
    expect(dataset.trainSamples + dataset.testSamples).toBe(37);
    expect(dataset.columnNames).toEqual(['number']);
    expect(dataset.notes).toEqual([expect.stringContaining('name'), expect.stringMatching(/\b8 of 37\b/)]);
    expect(dataset.skipped).toEqual([
      { reason: 'parity is empty', count: 1, examples: [`${source}:6`] },
      { reason: 'number holds no number', count: 1, examples: [`${source}:9`] },
      { reason: 'it has 2 cells, not 3', count: 1, examples: [`${source}:11`] },
    ]);
    for (const split of ['train', 'test'] as const) {
      const [inputs, labels] = [await rowsIn(inputsFile(place, split)), await rowsIn(targetsFile(place, split))];
      expect(labels.map(([label]) => label)).toEqual(inputs.map(([number]) => number! % 2));
    }
  });

  it('may come in two files, with several targets', async () => {
    await mkdir(path.join(folder, 'tables'));
    await writeTable('tables/train.csv', 'a;b;c\n1;2;3.5\n4;5;6\n');
    await writeTable('tables/test.csv', 'a;b;c\n7;8;9\n');
    const { dataset, folder: place } = await importDataset(path.join(folder, 'tables'), { target: ['c', 'a'] });
    expect(dataset).toMatchObject({ task: 'regression', targets: 2, targetNames: ['c', 'a'], columnNames: ['b'] });
    expect(await rowsIn(targetsFile(place, 'train'))).toEqual([
      [3.5, 1],
      [6, 4],
    ]);
    expect(await rowsIn(inputsFile(place, 'test'))).toEqual([[8]]);
  });

  it('is refused by name where it is none, or lacks its target', async () => {
    const unclosed = await writeTable('unclosed.csv', `a,b\n1,"${'x'.repeat(2_000_000)}\n`);
    expect(await refusalOf(unclosed)).toMatchObject({ code: 'badData', at: unclosed });
    const binary = await writeTable('binary.csv', 'a,b\0\n');
    expect(await refusalOf(binary)).toMatchObject({ code: 'badData', at: binary });
    const table = await writeTable('table.csv', 'width,height\n1,2\n3,4\n');
    expect(await refusalOf(table, { target: 'hight' })).toMatchObject({ advice: 'Did you mean height?' });
    const words = await writeTable('words.csv', 'a,b\nx,y\nz,w\n');
    expect((await refusalOf(words)).message).toContain('no column of numbers');
    expect((await refusalOf(await writeTable('empty.csv', ''))).message).toContain('holds no rows');
  });
});

describe('a folder of images', () => {
  const grey = (value: number, width = 6, height = 4): Uint8Array =>
    encode({ width, height, channels: 1, data: new Uint8Array(width * height).fill(value) });

  it('becomes the bytes of its images, class by class', async () => {
    const place = path.join(folder, 'images');
    for (const [label, name] of ['dark', 'light'].entries()) {
      await mkdir(path.join(place, name), { recursive: true });
      for (let image = 0; image < 10; image++) {
        await writeFile(path.join(place, name, `${image}.png`), grey(label * 200 + image));
      }
    }
    await writeFile(path.join(place, 'dark', '10.png'), grey(10, 12, 8));
    await writeFile(path.join(place, 'dark', 'cut.png'), grey(99).subarray(0, 50));
    await writeFile(path.join(place, 'light', 'notes.txt'), 'nothing');
    const { dataset, folder: read } = await importDataset(place, {});
    expect(dataset).toMatchObject({ kind: 'images', inputShape: [1, 4, 6], classNames: ['dark', 'light'] });
    expect(dataset.classCounts).toEqual({ train: [9, 8], test: [2, 2] });
    expect(dataset.pictures).toMatchObject({ resized: 1, reshaped: 0, fit: 'cover' });
    expect(dataset.skipped.map(({ count, examples }) => [count, ...examples]).sort()).toEqual([
      [1, 'dark/cut.png'],
      [1, 'light/notes.txt'],
    ]);
    const rows = [...(await rowsIn(inputsFile(read, 'train'))), ...(await rowsIn(inputsFile(read, 'test')))];
    expect(rows.every((row) => row.length === 24 && new Set(row).size === 1)).toBe(true);
    const values = rows.map(([value]) => value!).sort((one, other) => one - other);
    expect(values).toEqual([...Array(11).keys(), ...Array.from({ length: 10 }, (_, image) => 200 + image)]);
  });

  it('may be split itself, and hold JPEG and WebP of many sizes in colour', async () => {
    const colour = { r: 10, g: 120, b: 250 };
    for (const [part, ending] of [['train', 'webp'] as const, ['test', 'jpg'] as const]) {
      const place = path.join(folder, 'colours', part, 'blue');
      await mkdir(place, { recursive: true });
      const image = sharp({ create: { width: 40, height: 20, channels: 3, background: colour } });
      await (ending === 'webp' ? image.webp({ lossless: true }) : image.jpeg({ quality: 95 })).toFile(
        path.join(place, `one.${ending}`),
      );
    }
    const { dataset, folder: read } = await importDataset(path.join(folder, 'colours'), { size: [5, 5] });
    expect(dataset).toMatchObject({ inputShape: [3, 5, 5], trainSamples: 1, testSamples: 1 });
    const [train] = await rowsIn(inputsFile(read, 'train'));
    expect(train).toEqual([10, 120, 250].flatMap((value) => new Array<number>(25).fill(value)));
    const [test] = await rowsIn(inputsFile(read, 'test'));
    for (const [at, value] of test!.entries()) expect(Math.abs(value - train![at]!)).toBeLessThan(6);
  });
});

it('counts the test samples that are among the training samples too, as an inspection does', async () => {
  const line = (row: number): string => `${row},${row % 2 ? 'odd' : 'even'}\n`;
  const place = path.join(folder, 'parts');
  await mkdir(place);
  await writeFile(path.join(place, 'train.csv'), `x,label\n${[1, 2, 3, 4, 4].map(line).join('')}`);
  await writeFile(path.join(place, 'test.csv'), `x,label\n${[3, 4, 4, 6, 6, 7].map(line).join('')}`);
  const { dataset, train, test } = await importDataset(place, {});
  expect(dataset.testInTrain).toBe(3);
  const { inputShape, values, classNames, targets } = dataset;
  const files = { train, test, inputShape, values, classNames, targets };
  expect((await inspectDataset(files, () => undefined)).duplicates.testInTrain).toBe(3);
});

it('names test samples that are among the training samples, apart from those with another target', async () => {
  const place = path.join(folder, 'shared');
  await mkdir(place);
  await writeFile(
    path.join(place, 'train.csv'),
    'x,z,price\n117.4,5,703991.5\n3,4,10.25\n5,6,20.5\n7,8,30.75\n7,8,1\n',
  );
  await writeFile(path.join(place, 'test.csv'), 'x,z,price\n1,1,7\n117.4,5,922359.5\n\n5,6,20.5\n7,8,1\n');
  const { dataset, train, test } = await importDataset(place, {});
  expect(dataset).toMatchObject({
    ...{ task: 'regression', testInTrain: 2 },
    testInTrainExamples: ['test line 5 and training line 4', 'test line 6 and training line 6'],
  });
  expect(warningsInWords(dataset).map((sentence) => /line 5.*line 4/.test(sentence))).toEqual([true]);
  const others = dataset.notes.filter((note) => /another target.*test line 3 and training line 2/.test(note));
  expect(others).toHaveLength(1);
  expect(others[0]).toMatch(/^1 test sample /);
  const { inputShape, values, classNames, targets } = dataset;
  const files = { train, test, inputShape, values, classNames, targets };
  expect((await inspectDataset(files, () => undefined)).duplicates).toMatchObject({ testInTrain: 3, contradictory: 2 });
  expect(addressInWords(1, await sampleAddresses(test, 'test'))).toBe('line 3');
  expect(addressInWords(1, await sampleAddresses(train, 'train'))).toBe('line 3');
  const only = await writeTable(
    'only.csv',
    `x,price\n${Array.from({ length: 40 }, (_, row) => `1,${row}.5`).join('\n')}\n`,
  );
  const { dataset: constant } = await importDataset(only, {});
  expect(constant.testInTrain).toBe(0);
  expect(warningsInWords(constant)).toEqual([]);
});

it('is read once, again when the source has changed, and forgotten when that is asked', async () => {
  const source = await writeTable('line.csv', 'x,y\n1,1.5\n2,2.5\n3,3.5\n');
  const first = await importDataset(source, {});
  expect((await importDataset(source, {})).dataset).toEqual(first.dataset);
  await writeFile(source, 'x,y\n1,1.5\n2,2.5\n3,3.5\n4,4.5\n');
  await utimes(source, new Date(), new Date(Date.now() + 5000));
  const second = await importDataset(source, {});
  expect(second.dataset.trainSamples + second.dataset.testSamples).toBe(4);
  expect((await listImports()).map(({ imported }) => imported)).toEqual([second.dataset.imported]);
  await forgetImports(source);
  expect(await listImports()).toEqual([]);
});

it('tells what has changed since it was read before, in a folder of images that goes on growing', async () => {
  const source = path.join(folder, 'shapes');
  const draw = async (className: string, count: number, size: number): Promise<void> => {
    await mkdir(path.join(source, className), { recursive: true });
    const image = { width: size, height: size, channels: 1 as const, depth: 8 as const };
    for (let index = 0; index < count; index++) {
      const data = new Uint8Array(size * size).fill(index);
      await writeFile(path.join(source, className, `${size}-${index}.png`), encode({ ...image, data }));
    }
  };
  await draw('circle', 5, 6);
  await draw('square', 5, 6);
  const project = { ...emptyProject, data: { ...emptyProject.data, source } };
  const told: string[] = [];
  const forget = onRead((dataset) => told.push(dataset.source));
  expect((await importDataset(source, {})).dataset.changes).toBeUndefined();
  expect((await fitToData(project, [])).notes).toEqual([]);
  await rename(path.join(source, 'square'), path.join(source, 'aquadrat'));
  await draw('circle', 20, 4);
  // The command line notes it when it reads them, the window is told whoever reads them, also for the first time.
  const [note, ...others] = (await fitToData(project, [])).notes;
  expect(others).toEqual([]);
  expect(told).toEqual([source, source]);
  const { dataset } = await importDataset(source, {});
  const changes = dataset.changes!.join(' ');
  expect(note).toContain(changes);
  for (const said of ['1 × 6 × 6', '1 × 4 × 4', 'square', 'aquadrat', 'There were 8 training', 'data.import.size']) {
    expect(changes).toContain(said);
  }
  // Once; afterwards it stands with what was read.
  expect((await fitToData(project, [])).notes).toEqual([]);
  expect((await listImports())[0]!.changes).toEqual(dataset.changes);
  forget();
});

it('does not speak of files that were only touched', async () => {
  const source = await writeTable('same.csv', 'x,y\n1,1.5\n2,2.5\n3,3.5\n');
  await importDataset(source, {});
  await utimes(source, new Date(), new Date(Date.now() + 5000));
  expect((await importDataset(source, {})).dataset.changes).toBeUndefined();
  await writeFile(source, 'x,y\n1,1.5\n2,2.5\n30,3.5\n');
  await utimes(source, new Date(), new Date(Date.now() + 9000));
  expect((await importDataset(source, {})).dataset.changes).toHaveLength(1);
});

it('is looked for before anything is trained, and missed once it is gone', async () => {
  const source = await writeTable('here.csv', 'x,y\n1,1.5\n2,2.5\n3,3.5\n');
  expect(await checkSource({ source })).toBeNull();
  expect(await checkSource({ source: 'mnist' })).toBeNull();
  const never = `${source}.never.csv`;
  expect(await checkSource({ source: never })).toEqual(missingSource(never, false));
  await importDataset(source, {});
  expect(await checkSource({ source })).toBeNull();
  await writeFile(source, 'x,z\n1,1.5\n2,2.5\n3,3.5\n4,4.5\n');
  expect(await checkSource({ source })).toMatchObject({ code: 'dataChanged', at: 'data.source' });
  await importDataset(source, {});
  expect(await checkSource({ source })).toBeNull();
  await rm(source);
  const failure = missingSource(source, true);
  expect(failure).toMatchObject({ code: 'notFound', at: 'data.source' });
  expect(failure.message).toContain(`file ${source}`);
  expect(await checkSource({ source })).toEqual(failure);
  // The command line refuses it in the same words.
  await expect(locateDataset({ source })).rejects.toMatchObject({ failure });
});

it('is ended when that is asked while it is read, and leaves nothing', async () => {
  const rows = Array.from({ length: 5000 }, (_, row) => `${row},${row % 3}`);
  const source = await writeTable('long.csv', `x,y\n${rows.join('\n')}\n`);
  const controller = new AbortController();
  const reason = new FailureError({ code: 'cancelled', message: 'enough' });
  const reading = importDataset(source, {}, { onProgress: () => controller.abort(reason), signal: controller.signal });
  await expect(reading).rejects.toBe(reason);
  expect(await listImports()).toEqual([]);
  const places = await readdir(path.join(folder, 'cache', 'imports'), { recursive: true, withFileTypes: true });
  expect(places.filter((entry) => entry.isFile())).toEqual([]);
});

it('what is no data is refused with what there could be', async () => {
  const place = path.join(folder, 'empty');
  await mkdir(place);
  expect((await refusalOf(place)).advice).toContain('.csv');
  expect((await refusalOf(path.join(folder, 'nowhere'))).code).toBe('notFound');
});

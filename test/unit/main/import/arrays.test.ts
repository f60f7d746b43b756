import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rolesOf } from '../../../../main/datasets/import/array-names.ts';
import { importDataset } from '../../../../main/datasets/import/import-dataset.ts';
import { formatNpyHeader } from '../../../../main/datasets/import/npy-header.ts';
import { npyRows, openNpy } from '../../../../main/datasets/import/npy-file.ts';
import { unpackNpz } from '../../../../main/datasets/import/npz.ts';
import { targetsFile } from '../../../../main/datasets/import/split-writer.ts';
import { caseFolder, inIsolatedCache, read, refusalOf, samplesOf } from './isolated-cache.ts';

const isolated = inIsolatedCache();

type Numbers = Uint8Array | BigInt64Array | Float32Array;

function npy(numbers: Numbers, shape: readonly number[]): Uint8Array {
  const type = numbers instanceof Uint8Array ? '|u1' : numbers instanceof BigInt64Array ? '<i8' : '<f4';
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return Buffer.concat([formatNpyHeader(type, shape), bytes]);
}

function withHeader(type: string, shape: string, content: Uint8Array): Uint8Array {
  const text = `{'descr': ${type}, 'fortran_order': False, 'shape': ${shape}, }\n`;
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  head.writeUInt16LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text, 'latin1'), content]);
}

/** As NumPy writes text: UTF-32 or bytes of a fixed width, padded with zeros. */
function textArray(type: '<U3' | '<U5' | '>U5' | '|S6', names: readonly string[]): Uint8Array {
  const width = Number(type.slice(2));
  const cells = names.map((name) => {
    if (type[1] === 'S') return Buffer.concat([Buffer.from(name), Buffer.alloc(width)]).subarray(0, width);
    const cell = Buffer.alloc(4 * width);
    for (const [at, sign] of Array.from(name).entries()) {
      if (type.startsWith('<')) cell.writeUInt32LE(sign.codePointAt(0)!, 4 * at);
      else cell.writeUInt32BE(sign.codePointAt(0)!, 4 * at);
    }
    return cell;
  });
  return withHeader(`'${type}'`, `(${names.length},)`, Buffer.concat(cells));
}

async function pairOf(targets: Numbers, shape: readonly number[]): Promise<string> {
  const samples = shape[0]!;
  await writeFile(
    path.join(isolated.folder(), 'x.npy'),
    npy(
      Float32Array.from({ length: samples }, (_, at) => at),
      [samples, 1],
    ),
  );
  await writeFile(path.join(isolated.folder(), 'y.npy'), npy(targets, shape));
  return isolated.folder();
}

describe('targets', () => {
  it('that are one-hot are classes, whether or not the task is set', async () => {
    for (const settings of [{ task: 'classification' } as const, {}]) {
      const source = caseFolder('npy-one-hot');
      const { dataset, folder } = await importDataset(source, settings);
      expect(dataset).toMatchObject({ task: 'classification', classNames: ['0', '1'], targets: 0 });
      expect(dataset.classCounts).toEqual({ train: [8, 8], test: [2, 2] });
      // The first feature of the case is even where the class is 0.
      const labels: number[] = [];
      for await (const row of npyRows(await openNpy(targetsFile(folder, 'train')))) labels.push(row[0]!);
      expect(new Set(labels)).toEqual(new Set([0, 1]));
    }
    expect(await read(caseFolder('npy-one-hot'), { task: 'regression' })).toMatchObject({ targets: 2 });
  });

  it('of several numbers that are not one-hot are refused as classes', async () => {
    const source = await pairOf(Float32Array.of(1, 0, 0, 1, 1, 1, 0, 1), [4, 2]);
    expect(await refusalOf(source, { task: 'classification' })).toMatchObject({ at: 'data.import.task' });
    expect(await read(source)).toMatchObject({ task: 'regression', targets: 2 });
  });

  it('that are not finite are left out and do not make a regression of classes', async () => {
    const labels = Float32Array.from({ length: 20 }, (_, at) => (at === 3 ? NaN : at % 2));
    const dataset = await read(await pairOf(labels, [20]));
    expect(dataset).toMatchObject({ task: 'classification', classNames: ['0', '1'] });
    expect(dataset.trainSamples + dataset.testSamples).toBe(19);
    expect(dataset.skipped.map(({ count }) => count)).toEqual([1]);
  });

  it('beyond 2⁵³ are refused: neighbours would become one class', async () => {
    const labels = BigInt64Array.from({ length: 20 }, (_, at) => 2n ** 53n + BigInt(at % 2));
    expect(await refusalOf(await pairOf(labels, [20]))).toMatchObject({
      code: 'badData',
      at: path.join(isolated.folder(), 'y.npy'),
    });
  });

  it.each(['<U5', '>U5', '|S6'] as const)('of text (%s) are classes by their names, as in a table', async (type) => {
    const names = Array.from({ length: 20 }, (_, at) => (at === 3 ? '' : (['Hündn', 'cat', '10'][at % 3] ?? '')));
    const source = await pairOf(Float32Array.of(0), [20]);
    await writeFile(path.join(source, 'y.npy'), textArray(type, names));
    const { dataset, folder } = await importDataset(source, {});
    expect(dataset).toMatchObject({ task: 'classification', classNames: ['10', 'cat', 'Hündn'] });
    expect(dataset.skipped).toMatchObject([{ count: 1, examples: [`${path.join(source, 'x.npy')} [3]`] }]);
    const labels: number[] = [];
    for await (const row of npyRows(await openNpy(targetsFile(folder, 'train')))) labels.push(row[0]!);
    const inputs = (await samplesOf(source, {}, 'train')).map(([at]) => at!);
    expect(labels.map((label) => dataset.classNames[label])).toEqual(inputs.map((at) => names[at]));
    expect(await refusalOf(source, { task: 'regression' })).toMatchObject({ at: 'data.import.task' });
  });

  it('without rows are refused as one number', async () => {
    const source = await pairOf(Float32Array.of(1, 2), [2]);
    await writeFile(path.join(source, 'y.npy'), npy(Float32Array.of(1), []));
    expect((await refusalOf(source)).message).not.toContain('empty');
  });
});

it('floats with channels last are images as bytes are', async () => {
  const source = caseFolder('npy-channels-last-float');
  expect(await read(source)).toMatchObject({ inputShape: [1, 8, 8], values: 'floats' });
  const colours = Float32Array.from({ length: 6 * 4 * 5 * 3 }, (_, at) => at);
  await writeFile(path.join(isolated.folder(), 'x.npy'), npy(colours, [6, 4, 5, 3]));
  await writeFile(path.join(isolated.folder(), 'y.npy'), npy(BigInt64Array.from([0n, 1n, 0n, 1n, 0n, 1n]), [6]));
  const settings = { split: { testFraction: 0.01 } };
  expect(await read(isolated.folder(), settings)).toMatchObject({ inputShape: [3, 4, 5], values: 'floats' });
  const rows = await samplesOf(isolated.folder(), settings, 'train');
  // A sample begins at 60 · n; its red values are every third from there.
  for (const row of rows) expect(row.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, at) => row[0]! + 3 * at));
});

describe('an archive', () => {
  it('with three parts uses two and names the third', async () => {
    const dataset = await read(path.join(caseFolder('npz-val-and-test'), 'd.npz'));
    expect(dataset).toMatchObject({ trainSamples: 30, testSamples: 10, inputShape: [1, 8, 8] });
    expect(dataset.notes.some((note) => note.includes('val_images'))).toBe(true);
  });

  it.each([
    [['X_Train', 'Y_Train', 'X_Val', 'Y_Val'], 'X_Train', 'X_Val'],
    [['xtrain', 'ytrain', 'xtest', 'ytest'], 'xtrain', 'xtest'],
    [['trainImages', 'trainLabels', 'devImages', 'devLabels'], 'trainImages', 'devImages'],
    [['training_data', 'training_labels', 'validation_data', 'validation_labels'], 'training_data', 'validation_data'],
  ])('of %s is paired by name', (names, train, test) => {
    expect(rolesOf(names)).toMatchObject({ train: { inputs: train }, test: { inputs: test } });
  });

  it('that holds an array twice is refused', async () => {
    const array = npy(Float32Array.of(1, 2), [2, 1]);
    const file = path.join(isolated.folder(), 'twice.npz');
    await writeFile(
      file,
      zip([
        ['x.npy', array],
        ['y.npy', array],
        ['x.npy', array],
      ]),
    );
    expect(await refusalOf(file)).toMatchObject({ code: 'badData', at: file });
    expect((await refusalOf(file)).message).toContain('twice');
  });

  it('of which an array cannot be read is refused by its name and that of the array, never by a file of the cache', async () => {
    const x = npy(Float32Array.of(1, 2), [2, 1]);
    const y = npy(BigInt64Array.of(0n, 1n), [2]);
    const objects = withHeader("'|O'", '(2,)', new Uint8Array(16));
    const text = textArray('<U3', ['cat', 'dog']);
    const broken: readonly (readonly [string, Uint8Array, Uint8Array, RegExp])[] = [
      ['y', x, objects, /Python objects/],
      ['x', text, y, /text \(type <U3\)/],
      ['y', x, withHeader("'<M8[ns]'", '(2,)', new Uint8Array(16)), /dates/],
      ['y', x, withHeader("'<U2'", '(2, 2)', new Uint8Array(32)), /2 texts/],
      ['y', x, y.subarray(0, y.length - 1), /bytes/],
      ['y', x, npy(BigInt64Array.of(0n, 1n, 2n), [3]), /3 targets for the 2 samples/],
      ['x', npy(Float32Array.of(1, 2), [2]), y, /one dimension/],
      ['x', npy(Float32Array.of(), [0, 1]), y, /empty/],
      ['y', x, npy(BigInt64Array.of(2n ** 53n, 2n ** 53n), [2]), /2⁵³/],
      ['y', x, new TextEncoder().encode('no array'), /npy/],
    ];
    const file = path.join(isolated.folder(), 'u.npz');
    for (const [array, inputs, targets, why] of broken) {
      await writeFile(
        file,
        zip([
          ['x.npy', inputs],
          ['y.npy', targets],
        ]),
      );
      const { message, at } = await refusalOf(file, { task: 'classification' });
      expect(at).toBe(file);
      expect(message).toMatch(why);
      expect(message.startsWith(`${file}, array ${array}`), message).toBe(true);
      expect(message).not.toContain('scratch');
    }
  });

  it('whose content is damaged is refused by its name and that of the array', async () => {
    const file = path.join(isolated.folder(), 'damaged.npz');
    const array = npy(Float32Array.of(1, 2), [2, 1]);
    // Declared as compressed, which it is not.
    await writeFile(
      file,
      zip([
        ['x.npy', array],
        ['y.npy', array, 9e3],
      ]),
    );
    const { message, at } = await refusalOf(file);
    expect(at).toBe(file);
    expect(message).toContain(`${file}, array y`);
  });

  it('whose rows are left out has examples by its name and that of the array', async () => {
    const file = path.join(isolated.folder(), 'gaps.npz');
    const x = Float32Array.from({ length: 20 }, (_, at) => (at === 7 ? NaN : at));
    const y = BigInt64Array.from({ length: 20 }, (_, at) => BigInt(at % 2));
    await writeFile(
      file,
      zip([
        ['x.npy', npy(x, [20, 1])],
        ['y.npy', npy(y, [20])],
      ]),
    );
    expect((await read(file)).skipped).toMatchObject([{ examples: [`${file}, array x [7]`] }]);
  });

  it('that states more than the disk has room for is refused before anything is unpacked', async () => {
    const array = npy(Float32Array.of(1, 2), [2, 1]);
    const file = path.join(isolated.folder(), 'large.npz');
    await writeFile(
      file,
      zip([
        ['x.npy', array, 4e9],
        ['y.npy', array],
      ]),
    );
    const scratch = path.join(isolated.folder(), 'scratch');
    const unpacking = unpackNpz(file, scratch, () => Promise.resolve(7e9));
    await expect(unpacking).rejects.toMatchObject({ failure: { code: 'noSpace', at: file } });
    expect(await readdir(scratch)).toEqual([]);
  });
});

/** Stored without compression; `stated`: the size unpacked that the archive claims. */
function zip(entries: readonly (readonly [string, Uint8Array, number?])[]): Uint8Array {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, content, stated = content.length] of entries) {
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(stated === content.length ? 0 : 8, 4);
    fixed.writeUInt32LE(crc32(content), 10);
    fixed.writeUInt32LE(content.length, 14);
    fixed.writeUInt32LE(stated, 18);
    fixed.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), fixed, Buffer.from(name), content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), fixed, rest, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

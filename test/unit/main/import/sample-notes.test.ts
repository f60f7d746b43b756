import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { ImportedDataset } from '../../../../core/contract/data.ts';
import { formatNpyHeader } from '../../../../main/datasets/import/npy-header.ts';
import { inIsolatedCache, read, refusalOf } from './isolated-cache.ts';

const isolated = inIsolatedCache();

/** A row for each class, which is the last cell. */
async function tableOf(classes: readonly string[], name = 't.csv'): Promise<string> {
  const file = path.join(isolated.folder(), name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `a,kind\n${classes.map((kind, row) => `${row}.5,${kind}`).join('\n')}\n`);
  return file;
}

/** Grey images, so many for each class. */
async function imagesOf(counts: Readonly<Record<string, number>>): Promise<string> {
  const folder = path.join(isolated.folder(), 'images');
  let grey = 0;
  for (const [name, count] of Object.entries(counts)) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let image = 0; image < count; image++) {
      const data = new Uint8Array(16).fill(grey++);
      await writeFile(path.join(folder, name, `${image}.png`), encode({ width: 4, height: 4, channels: 1, data }));
    }
  }
  return folder;
}

async function arraysOf(labels: readonly number[]): Promise<string> {
  const folder = path.join(isolated.folder(), 'arrays');
  await mkdir(folder);
  const write = (name: string, shape: readonly number[], values: readonly number[]): Promise<void> =>
    writeFile(
      path.join(folder, name),
      Buffer.concat([formatNpyHeader('<f4', shape), new Uint8Array(Float32Array.from(values).buffer)]),
    );
  await write('x.npy', [labels.length, 1], [...labels.keys()]);
  await write('y.npy', [labels.length], labels);
  return folder;
}

const repeated = (counts: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(counts).flatMap(([name, count]) => Array.from({ length: count }, () => name));

const matching = ({ notes }: ImportedDataset, pattern: RegExp): number =>
  notes.filter((note) => pattern.test(note)).length;

describe('what is kept for testing', () => {
  /** The share that the report names is that of the samples. */
  function expectTrue(dataset: ImportedDataset): void {
    const { testSamples, trainSamples, notes } = dataset;
    const samples = testSamples + trainSamples;
    const share = Number(((100 * testSamples) / samples).toPrecision(3));
    expect(notes.at(-1)).toContain(`${testSamples} of ${samples} samples (${share} %)`);
  }

  it.each([
    { x: 2, y: 2, z: 2 },
    { x: 50, y: 50 },
    { x: 3, y: 40, z: 1 },
    { x: 7, y: 7, z: 7, w: 7 },
  ])('is reported as it is of %j in tables and images alike', async (counts) => {
    const table = await read(await tableOf(repeated(counts)));
    const images = await read(await imagesOf(counts));
    for (const dataset of [table, images]) expectTrue(dataset);
  });

  it('is explained where it is far from what was asked for', async () => {
    const small = { x: 2, y: 2, z: 2 };
    expect((await read(await tableOf(repeated(small)))).notes.at(-1)).toMatch(/50 %.*20 %/);
    expect((await read(await imagesOf(small))).notes.at(-1)).toMatch(/50 %.*20 %/);
    const asked = await read(await imagesOf(small), { split: { testFraction: 0.1 } });
    expect(asked.notes.at(-1)).toMatch(/50 %.*data\.import\.split\.testFraction.*10 %/);
    expect((await read(await tableOf(repeated({ x: 20, y: 20 })))).notes.at(-1)).not.toMatch(/ 20 %/);
  });

  it('is reported of a regression and of arrays', async () => {
    const regression = await read(await tableOf(Array.from({ length: 9 }, (_, row) => `${row}.25`)));
    expect(regression.task).toBe('regression');
    expectTrue(regression);
    const arrays = await read(await arraysOf([0, 0, 0, 1, 1, 1]));
    expect(arrays.task).toBe('classification');
    expectTrue(arrays);
  });

  it('is not counted of files that cannot be read, and is not a draw where the source is divided', async () => {
    const place = await imagesOf({ x: 5, y: 5 });
    const broken = encode({ width: 4, height: 4, channels: 1, data: new Uint8Array(16) });
    await writeFile(path.join(place, 'x', 'broken.png'), broken.subarray(0, 50));
    expectTrue(await read(place));
    const divided = path.join(isolated.folder(), 'divided');
    await cp(place, path.join(divided, 'train'), { recursive: true });
    await cp(place, path.join(divided, 'test'), { recursive: true });
    expect((await read(divided)).notes.at(-1)).not.toContain('%');
  });
});

describe('classes', () => {
  it('of which there is only one are reported with the column that has it', async () => {
    const table = await read(await tableOf(repeated({ same: 12 })));
    expect(matching(table, /\bsame\b.*\bkind\b.*data\.import\.target/)).toBe(1);
    expect(matching(await read(await arraysOf([3, 3, 3, 3])), /\b3\b.*nothing to distinguish/)).toBe(1);
    const place = await imagesOf({ cat: 4 });
    const images = await read(place);
    expect(matching(images, /\bcat\b/)).toBe(1);
    expect(matching(images, /data\.import\.target/)).toBe(0);
    expect(matching(await read(await tableOf(repeated({ x: 5, y: 5 }))), /nothing to distinguish/)).toBe(0);
  });

  it('of which every row has its own are refused with the column', async () => {
    const table = await tableOf(Array.from({ length: 12 }, (_, row) => `n${row}`));
    const refusal = await refusalOf(table);
    expect(refusal).toMatchObject({ code: 'badData', at: 'data.import.target' });
    expect(refusal.advice).toContain('kind');
    const images = await imagesOf({ a: 1, b: 1, c: 1 });
    expect(await refusalOf(images)).toMatchObject({ code: 'badData', at: images });
  });

  it('that are nearly as many as the rows are reported with the column', async () => {
    const names = [...repeated({ x: 2 }), ...Array.from({ length: 12 }, (_, row) => `n${row}`)];
    expect(matching(await read(await tableOf(names)), /\b13\b.*\b14\b.*\bkind\b.*data\.import\.target/)).toBe(1);
  });

  it('without a test sample are named, and those without a training sample', async () => {
    const counts = { x: 20, y: 20, rare: 1 };
    const [table, images] = [await read(await tableOf(repeated(counts))), await read(await imagesOf(counts))];
    for (const dataset of [table, images]) expect(matching(dataset, /\brare\b.*test sample/)).toBe(1);
    const several = repeated({ x: 20, ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`rare${at}`, 1])) });
    expect(matching(await read(await tableOf(several, 'several.csv')), /rare0, .*rare7 and 1 more/)).toBe(1);
    expect(matching(await read(await tableOf(repeated({ x: 9, y: 9 }), 'even.csv')), /test sample/)).toBe(0);
    await tableOf(repeated({ x: 4, y: 4 }), 'parts/train.csv');
    await tableOf(repeated({ x: 2, y: 2, late: 2 }), 'parts/test.csv');
    const parts = await read(path.join(isolated.folder(), 'parts'));
    expect(matching(parts, /\blate\b.*training sample/)).toBe(1);
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { folderOf, locateDataset } from '../../../main/datasets/datasets.ts';
import { findAlike } from '../../../main/datasets/inspect/find-alike.ts';
import { inspectDataset } from '../../../main/datasets/inspect/inspect-dataset.ts';
import type { InspectedFiles } from '../../../main/datasets/inspect/inspect-dataset.ts';
import { keepFinding, readFinding } from '../../../main/datasets/inspect/kept-inspection.ts';
import { knownDataset } from '../../../main/datasets/known-datasets.ts';

interface Facts {
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly equal: number;
}

const baseline = path.resolve(import.meta.dirname, '../../baselines/data-facts.json');
const facts = JSON.parse(await readFile(baseline, 'utf8')) as Readonly<Record<string, Facts>>;
async function filesOf(source: string): Promise<InspectedFiles> {
  const { train, test: tested, inputShape, values, classNames, targets = 0 } = await locateDataset({ source });
  return { train, test: tested, inputShape, values: values.kind, classNames, targets };
}

const quiet = (): void => undefined;

/** Those that are on this machine; found before the tests have a cache of their own. */
const here = new Map<string, InspectedFiles>();
for (const name of Object.keys(facts)) {
  if (await folderOf(knownDataset(name)!)) here.set(name, await filesOf(name));
}

for (const [name, expected] of Object.entries(facts)) {
  test.runIf(here.has(name))(
    `${name}: counts, mean, deviation and equal images are those that NumPy finds`,
    async () => {
      const { splits, statistics, duplicates, range } = await inspectDataset(here.get(name)!, quiet);
      expect(splits.train.classCounts).toEqual(expected.train);
      expect(splits.test.classCounts).toEqual(expected.test);
      for (const [channel, mean] of expected.mean.entries()) {
        expect(statistics.mean[channel]).toBeCloseTo(mean, 10);
        expect(statistics.std[channel]).toBeCloseTo(expected.std[channel]!, 10);
      }
      expect(range).toEqual({ least: expected.mean.map(() => 0), most: expected.mean.map(() => 1) });
      expect(duplicates.total).toBe(expected.equal);
    },
  );
}

let folder: string;
let small: InspectedFiles;
const images = 12;

/** Twelve noisy images of 3 × 32 × 32: the last for testing equals the first to train, under another label. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-inspect-'));
  vi.stubEnv('TORCHWRIGHT_CACHE', folder);
  let state = 1;
  const noise = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 23;
  const records = Array.from({ length: images }, (_, index) =>
    Uint8Array.from({ length: 3073 }, (_unused, at) => (at === 0 ? index % 2 : noise() & 255)),
  );
  const lighter = records[1]!.map((value, at) => (at === 0 ? value : Math.min(255, value + 6)));
  const repeated = records[0]!.map((value, at) => (at === 0 ? 1 : value));
  const files = { train: path.join(folder, 'train.bin'), test: path.join(folder, 'test.bin') };
  await writeFile(files.train, Buffer.concat(records));
  await writeFile(files.test, Buffer.concat([lighter, repeated]));
  small = {
    train: { format: 'cifar10', files: [files.train] },
    test: { format: 'cifar10', files: [files.test] },
    ...{ inputShape: [3, 32, 32], values: 'bytes', classNames: ['even', 'odd'], targets: 0 },
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('an image that is there twice with two labels is told, and one that is lighter is alike', async () => {
  const { duplicates } = await inspectDataset(small, quiet);
  expect(duplicates).toMatchObject({ total: 1, contradictory: 1, testInTrain: 1 });
  expect(duplicates.groups[0]!.members).toEqual([
    { split: 'train', index: 0, label: 0 },
    { split: 'test', index: 1, label: 1 },
  ]);
  const alike = await findAlike(small, quiet);
  expect(alike).toMatchObject({ total: 1, contradictory: 0, testInTrain: 1, flat: 0 });
  expect(alike.groups[0]!.members.map(({ split, index }) => [split, index])).toEqual([
    ['train', 1],
    ['test', 0],
  ]);
  expect(alike.groups[0]!.correlation).toBeGreaterThan(0.98);
});

test('what was found is kept until the data change', async () => {
  const found = await inspectDataset(small, quiet);
  expect(await readFinding(small, 'inspection')).toBeNull();
  await keepFinding(small, 'inspection', found);
  expect(await readFinding(small, 'inspection')).toEqual(found);
  expect(await readFinding(small, 'alike')).toBeNull();
  const file = path.join(folder, 'test.bin');
  await writeFile(file, (await readFile(file)).subarray(0, 3073));
  expect(await readFinding(small, 'inspection')).toBeNull();
});

test('a label beyond the classes is refused', async () => {
  await expect(inspectDataset({ ...small, classNames: ['even'] }, quiet)).rejects.toThrow(/of class 1; there are 1/);
});

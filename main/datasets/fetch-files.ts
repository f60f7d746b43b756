import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail } from '../failures.ts';
import { BrokenDownload, download } from './download.ts';
import type { DownloadedFile, KnownDataset } from './known-datasets.ts';
import type { Follower } from './progress.ts';

export interface Fetching extends Follower {
  /** Is filled. */
  readonly folder: string;
  /** Where downloads lie until they are whole, and stay when they are broken off. */
  readonly downloads: string;
}

/** Fills the folder with a data set's files as they are at its site. */
export async function fetchFiles(known: KnownDataset, fetching: Fetching): Promise<void> {
  for (const wanted of known.downloads) {
    await fetchFile(known, wanted, fetching).catch((error: unknown) => {
      if (fetching.signal?.aborted || !(error instanceof Error) || 'code' in error || 'failure' in error) throw error;
      const advice = known.name === 'fashion-mnist' ? { advice: debian } : {};
      fail('unavailable', `${known.title} could not be fetched: ${error.message}.`, advice);
    });
  }
  for (const { url } of known.downloads) {
    await rename(path.join(fetching.downloads, nameOf(url)), path.join(fetching.folder, nameOf(url)));
  }
}

const debian = 'On Debian and Ubuntu: sudo apt-get install dataset-fashion-mnist';

/** Fetches one file, or what is left of it, and holds it against its checksum. Returns where it lies. */
export async function fetchFile(
  known: KnownDataset,
  { url, md5 }: DownloadedFile,
  { downloads, onProgress, signal }: Fetching,
): Promise<string> {
  const file = path.join(downloads, nameOf(url));
  await download(url, file, { onProgress, signal }).catch((error: unknown) => {
    if (!(error instanceof BrokenDownload)) throw error;
    fail('unavailable', `${known.title} was not downloaded completely: ${error.message}.`, {
      advice: `The downloaded part is kept (${Math.round(error.kept / 1e6)} MB). Download again to continue from there.`,
    });
  });
  if (md5 === undefined) return file;
  const hash = createHash('md5');
  await pipeline(createReadStream(file), hash, { signal });
  if (hash.digest('hex') !== md5) {
    await rm(file);
    throw new Error(`${url} does not have the expected MD5 checksum`);
  }
  return file;
}

export function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

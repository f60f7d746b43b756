import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fail, isErrorWithCode } from '../failures.ts';
import type { KnownDataset } from './known-datasets.ts';
import type { Follower } from './progress.ts';
import { tenASecond } from './progress.ts';

/** Holds every file of a data set in `folder` against its known SHA-256. */
export async function checkFiles(dataset: KnownDataset, folder: string, follower?: Follower): Promise<void> {
  const { signal } = follower ?? {};
  const tell = tenASecond(follower?.onProgress ?? (() => undefined));
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    tell({ stage: `checking ${dataset.name}`, done, total: null, unit: 'bytes' });
  };
  onBytes(0);
  for (const [name, expected] of Object.entries(dataset.sha256)) {
    const file = await plainOrGzipped(folder, name);
    if (file === null) {
      fail('badData', `${path.join(folder, name)} is missing.`, { at: folder, ...again(dataset) });
    }
    if ((await contentHash(file, onBytes, signal)) !== expected) {
      fail('badData', `${file} does not have the expected SHA-256 checksum.`, {
        at: file,
        ...again(dataset),
      });
    }
  }
}

function again({ name }: KnownDataset): { readonly advice: string; readonly command: string } {
  return { advice: 'Remove the folder, then download the data set again.', command: `torchwright data get ${name}` };
}

/** The file under its own name or with `.gz`; null if neither is there. */
export async function plainOrGzipped(folder: string, name: string): Promise<string | null> {
  for (const candidate of [path.join(folder, name), path.join(folder, `${name}.gz`)]) {
    if (await isFile(candidate)) return candidate;
  }
  return null;
}

export async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

export async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function contentHash(
  file: string,
  onBytes: (count: number) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256');
  const content = createReadStream(file, { highWaterMark: 2 ** 18 });
  content.on('data', (chunk) => onBytes(chunk.length));
  try {
    if (file.endsWith('.gz')) await pipeline(content, createGunzip(), hash, { signal });
    else await pipeline(content, hash, { signal });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // What cannot be unpacked is not the file either.
    if (!isErrorWithCode(error, 'Z_DATA_ERROR', 'Z_BUF_ERROR')) throw error;
    return 'not gzip';
  }
  return hash.digest('hex');
}

import { createWriteStream } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { fail } from '../../failures.ts';
import type { StoredArray } from './array-source.ts';

/** More would be no data set; a name in the archive becomes a name in the folder. */
const mostArrays = 100;
const arrayName = /^[\w .-]{1,100}\.npy$/;

/** Unpacks the arrays of an .npz, NumPy's zip of .npy files, into a folder. By the names of the arrays. */
export async function unpackNpz(
  file: string,
  folder: string,
  freeBytes = freeBytesIn,
): Promise<ReadonlyMap<string, StoredArray>> {
  const arrays = new Map<string, StoredArray>();
  let title = file;
  await mkdir(folder);
  try {
    const archive = await openPromise(file, { autoClose: false });
    try {
      const entries = await arraysIn(archive, file);
      refuseTooLarge([...entries.values()], file, { folder, free: await freeBytes(folder) });
      for (const [name, entry] of entries) {
        title = `${file}, array ${name}`;
        const target = path.join(folder, `array-${arrays.size}.npy`);
        // What is unpacked is held against the size that the archive states.
        const content = await archive.openReadStreamPromise(entry);
        await pipeline(content, createWriteStream(target, { flags: 'wx' }));
        arrays.set(name, { file: target, address: { title, at: file } });
      }
    } finally {
      archive.close();
    }
  } catch (error) {
    // Those of the system name their file already.
    if (!(error instanceof Error) || 'syscall' in error || 'failure' in error) throw error;
    const what = title === file ? `${file} is not a readable archive of arrays` : `${title} cannot be unpacked`;
    fail('badData', `${what}: ${error.message}.`, { at: file });
  }
  return arrays;
}

async function arraysIn(archive: ZipFile, file: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of archive.eachEntry()) {
    if (!arrayName.test(entry.fileName)) continue;
    if (entries.size === mostArrays) fail('badData', `${file} holds more than ${mostArrays} arrays.`, { at: file });
    const name = entry.fileName.slice(0, -'.npy'.length);
    if (entries.has(name)) {
      fail('badData', `${file} contains the array ${name} twice.`, {
        at: file,
        advice: 'Save the archive again with unique names.',
      });
    }
    entries.set(name, entry);
  }
  return entries;
}

/** Before anything is written: the arrays unpacked, and again as the engine reads them, must find room on the disk. */
function refuseTooLarge(
  entries: readonly Entry[],
  file: string,
  { folder, free }: { readonly folder: string; readonly free: number },
): void {
  const needed = 2 * entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (needed <= free) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  fail('noSpace', `${file} needs ${gigabytes(needed)} GB to be read; ${gigabytes(free)} GB are free in ${folder}.`, {
    at: file,
    advice: 'Free some space, or set TORCHWRIGHT_CACHE to another folder.',
  });
}

async function freeBytesIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { fail } from '../../failures.ts';

/** More would be no data set; a name in the archive becomes a name in the folder. */
const mostArrays = 100;
const arrayName = /^[\w .-]{1,100}\.npy$/;

/** Unpacks the arrays of an .npz, NumPy's zip of .npy files, into a folder: file by name of the array. */
export async function unpackNpz(file: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const arrays = new Map<string, string>();
  await mkdir(folder);
  try {
    const archive = await openPromise(file);
    try {
      for await (const entry of archive.eachEntry()) {
        if (!arrayName.test(entry.fileName)) continue;
        if (arrays.size === mostArrays) fail('badData', `${file} holds more than ${mostArrays} arrays.`, { at: file });
        const name = entry.fileName.slice(0, -'.npy'.length);
        const target = path.join(folder, `array-${arrays.size}.npy`);
        // What is unpacked is held against the size that the archive states.
        const content = await archive.openReadStreamPromise(entry);
        await pipeline(content, createWriteStream(target, { flags: 'wx' }));
        arrays.set(name, target);
      }
    } finally {
      archive.close();
    }
  } catch (error) {
    // The system's own errors name their file already.
    if (!(error instanceof Error) || 'code' in error || 'failure' in error) throw error;
    fail('badData', `${file} is no archive of arrays that can be read: ${error.message}.`, { at: file });
  }
  return arrays;
}

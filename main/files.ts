import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, isErrorWithCode, withFile } from './failures.ts';

/**
 * Replaces a file that can be made again: readers see the old one or the new one, but a power cut may leave a damaged
 * one. Costs no wait for the disk.
 */
export async function replaceFileUnsynced(file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.part`;
  await withFile(file, async () => {
    try {
      await writeFile(temporary, content);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/** Replaces a file whole or not at all: written beside it, synced, renamed, and the folder synced. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.part`;
  await withFile(file, async () => {
    try {
      const handle = await open(temporary, 'w');
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(path.dirname(file));
  });
}

/** Makes a rename in this folder last through a power cut. Windows cannot open folders and does it by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function makeFolder(folder: string): Promise<void> {
  await withFile(folder, () => makeWithParents(path.resolve(folder)));
}

/**
 * Not by Node's own recursive mkdir: where the system answers that a folder is not there although its parent is, as
 * /proc does, that never returns; and of a disk that may only be read it says the same instead of what is the matter.
 */
async function makeWithParents(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeWithParents(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    if (!isErrorWithCode(error, 'EEXIST', 'ENOENT')) throw error;
    // Another process may have made it meanwhile.
    if (await isFolder(folder)) return;
    const reason = isErrorWithCode(error, 'EEXIST') ? 'a file has its name' : 'the system allows no folders there';
    fail('notWritable', `${folder} cannot be made: ${reason}.`, { at: folder });
  }
}

async function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Null if there is no such file. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

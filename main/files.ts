import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isErrorWithCode, withFile } from './failures.ts';

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
  await withFile(folder, async () => {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      if (!isErrorWithCode(error, 'ENOENT')) throw error;
      // On a disk that may only be read, Node says of a recursive mkdir that the folder is not there: ask it plainly.
      await mkdir(await firstMissing(folder));
      throw error;
    }
  });
}

/** The uppermost part of a path that does not exist. */
async function firstMissing(folder: string): Promise<string> {
  const parent = path.dirname(folder);
  const isThere = await access(parent).then(
    () => true,
    () => false,
  );
  return isThere ? folder : firstMissing(parent);
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

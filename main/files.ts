import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, isErrorWithCode, withFile } from './failures.ts';
import { isRunning } from './process-identity.ts';

/**
 * Replaces a file that can be made again: readers see the old one or the new one, but a power cut may leave a damaged
 * one. Costs no wait for the disk.
 */
export async function replaceFileUnsynced(file: string, content: Uint8Array): Promise<void> {
  await replaceBy(file, (temporary) => writeFile(temporary, content, { flag: 'wx' }));
}

/** Replaces a file whole or not at all: written beside it, synced, renamed, and the folder synced. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  await replaceBy(file, async (temporary) => {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
  await withFile(file, () => syncFolder(path.dirname(file)));
}

/** The last write of each file that is under way in this process: the next one waits for it, so the last one wins. */
const writing = new Map<string, Promise<void>>();
/** Temporary files that this process is writing. */
const temporaries = new Set<string>();

/** `write` fills a temporary file, which is then renamed. Its name is its own: two processes may write the same file. */
async function replaceBy(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const key = path.resolve(file);
  const before = writing.get(key) ?? Promise.resolve();
  const work = before.catch(() => undefined).then(() => withFile(file, () => writeAndRename(file, write)));
  writing.set(key, work);
  try {
    await work;
  } finally {
    if (writing.get(key) === work) writing.delete(key);
  }
}

async function writeAndRename(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  // Short, whatever the length of the file's own name.
  const name = `.torchwright-${process.pid}-${randomBytes(6).toString('hex')}.part`;
  const temporary = path.join(path.dirname(file), name);
  temporaries.add(name);
  try {
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    // The user knows the file, not the temporary one.
    throw error instanceof Error ? Object.assign(error, { path: file }) : error;
  } finally {
    temporaries.delete(name);
  }
}

/** Removes the temporary files that killed processes left in these folders, those of older versions too. */
export async function removeTemporaries(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      const pid = /^\.torchwright-(\d+)-[0-9a-f]{12}\.part$|\.(\d+)\.part$/.exec(name)?.slice(1).find(Boolean);
      if (pid === undefined || temporaries.has(name)) continue;
      // A process of today may have the number of the one that was killed; only for this one is it known.
      const isAnother = Number(pid) !== process.pid;
      if (isAnother && (await isRunning(Number(pid)))) continue;
      await rm(path.join(folder, name), { force: true }).catch(() => undefined);
    }
  }
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
    const reason = isErrorWithCode(error, 'EEXIST')
      ? 'a file of that name exists'
      : 'the system does not allow folders there';
    fail('notWritable', `${folder} cannot be created: ${reason}.`, { at: folder });
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

/** The whole content. A device or a pipe has no end, and one that nobody writes to keeps the reader waiting for ever. */
export async function readRegularFile(file: string): Promise<Buffer<ArrayBuffer>> {
  return withFile(file, async () => {
    const found = await stat(file);
    if (!found.isFile() && !found.isDirectory()) {
      fail('badUsage', `${file} is a device or a pipe; a file is needed.`, { at: file });
    }
    return readFile(file);
  });
}

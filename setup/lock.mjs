// Two set-ups at once: one works, the other waits. A lock is a folder that names its owner. It is put in
// place by renaming a folder that already holds the name, so a lock without an owner is never seen. The owner touches
// it every few seconds; one that is no longer touched, or whose process is gone, was left by a set-up that was killed.

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildFolder, cacheFolder } from './paths.mjs';
import { say, SetupError } from './report.mjs';

const touchedEvery = 5_000;
const abandonedAfter = 60_000;

/** What clones share through the cache. */
export async function withSharedLock(name, work) {
  await makeFolder(cacheFolder);
  return withLock(path.join(cacheFolder, 'locks'), name, work);
}

/** What belongs to this clone alone, whatever cache it is set up with. */
export async function withCloneLock(name, work) {
  return withLock(path.join(buildFolder, 'locks'), name, work);
}

async function withLock(folder, name, work) {
  await makeFolder(folder);
  const lock = path.join(folder, name);
  const token = await acquire(lock);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => {});
  }, touchedEvery);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await takeAway(lock, token);
  }
}

export async function makeFolder(folder) {
  try {
    await makeWithParents(folder);
  } catch (error) {
    throw new SetupError(
      `The folder ${folder} cannot be created (${error.code}). ` +
        (folder.startsWith(cacheFolder) ? 'Set TORCHWRIGHT_CACHE to one that can.' : 'Make the clone writable.'),
    );
  }
}

/** Not by Node's own recursive mkdir, which never returns where the system refuses as /proc does. */
async function makeWithParents(folder) {
  if (existsSync(folder)) return;
  if (path.dirname(folder) !== folder) await makeWithParents(path.dirname(folder));
  await mkdir(folder).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function acquire(lock) {
  const token = randomUUID();
  const mine = `${lock}.${token}`;
  await mkdir(mine);
  await writeFile(path.join(mine, 'owner.json'), JSON.stringify({ process: process.pid, host: hostname(), token }));
  for (let isWaiting = false; ;) {
    try {
      await rename(mine, lock);
      return token;
    } catch (error) {
      if (!['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES'].includes(error.code)) throw error;
    }
    const owner = await readOwner(lock);
    if (owner === null) continue;
    if (isAbandoned(owner)) {
      await takeAway(lock, owner.token);
      continue;
    }
    if (!isWaiting) say(`another set-up is at work (process ${owner.process}); waiting for it`);
    isWaiting = true;
    await sleep(300);
  }
}

/** Null if the lock has just been released. */
async function readOwner(lock) {
  try {
    const owner = JSON.parse(await readFile(path.join(lock, 'owner.json'), 'utf8'));
    return { ...owner, touched: (await stat(lock)).mtimeMs };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function isAbandoned(owner) {
  if (Date.now() - owner.touched > abandonedAfter) return true;
  if (owner.host !== hostname()) return false;
  try {
    process.kill(owner.process, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Moves the lock of `token` away, then deletes it: in place, another's could be renamed over what is emptied already,
 * and be deleted with it. If another set-up was quicker, what was moved is its new lock: puts it back.
 */
async function takeAway(lock, token) {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  const moved = await readOwner(aside);
  if (moved !== null && moved.token !== token) await rename(aside, lock);
  else await rm(aside, { recursive: true, force: true });
}

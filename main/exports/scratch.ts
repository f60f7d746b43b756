import { mkdtemp, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeFolder } from '../files.ts';
import { isRunning } from '../process-identity.ts';

/** Gives `work` an empty folder among the system's temporary ones, and removes it afterwards. */
export async function withScratch<T>(kind: 'export' | 'python', work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), `torchwright-${kind}-${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where an export is written until it is whole: beside its place, so that it can be renamed. */
export function partFolder(out: string, pid = process.pid): string {
  return path.join(path.dirname(out), `.${path.basename(out)}.${pid}.part`);
}

/** Gives `work` the part folder of an export; whatever `work` leaves of it, and parents made for it, are removed. */
export async function withPartFolder<T>(out: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = partFolder(out);
  const parents = await missingParents(folder);
  await makeFolder(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    // Those that hold the finished export, or anything else, stay.
    for (const parent of parents) await rmdir(parent).catch(() => undefined);
  }
}

/** The deepest first. */
async function missingParents(folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let parent = path.dirname(folder); path.dirname(parent) !== parent; parent = path.dirname(parent)) {
    if (await exists(parent)) break;
    missing.push(parent);
  }
  return missing;
}

function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}

/** Removes what exports of killed processes left: part folders of this export, and temporary folders. */
export async function removeLeftovers(out: string): Promise<void> {
  const [before, after] = [`.${path.basename(out)}.`, '.part'];
  await removeOfDead(path.dirname(out), (name) =>
    name.startsWith(before) && name.endsWith(after) ? name.slice(before.length, -after.length) : null,
  );
  await removeOfDead(tmpdir(), (name) => /^torchwright-(?:export|python)-(\d+)-\w{6}$/.exec(name)?.[1] ?? null);
}

/** `pidOf` gives the number of the process that made an entry, or null for what is nothing of ours. */
async function removeOfDead(folder: string, pidOf: (name: string) => string | null): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = pidOf(name);
    if (pid === null || !/^\d+$/.test(pid) || (await isRunning(Number(pid)))) continue;
    await rm(path.join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Choice } from '../../core/training/explain-choices.ts';
import { fail } from '../failures.ts';
import { repositoryFolder } from '../paths.ts';
import { identityOf, isAlive } from '../process-identity.ts';
import { deleteRunFolder, listRunFolders, makeRunFolder, readRunRecord, writeRunRecord } from './run-folder.ts';
import { isRunId } from './run-id.ts';
import { isUnderWay } from './run-index.ts';
import type { RunIndex, RunRow, StoredRunStatus } from './run-index.ts';

export interface NewRunSettings {
  readonly project: string;
  /** The project file as it will be trained. */
  readonly projectText: string;
  readonly seed: number;
  readonly epochs: number;
  readonly threads: number;
  /** As asked for. */
  readonly device: string;
  /** Those known before the engine has begun; absent: none. */
  readonly choices?: readonly Choice[];
}

/** Makes a run, owned by this process: its folder first, then its row. Returns its id. */
export async function createRun(index: RunIndex, settings: NewRunSettings): Promise<string> {
  const owner = await identityOf(process.pid);
  const id = await makeRunFolder(settings.project, settings.projectText);
  const { project, seed, epochs, threads, device, choices } = settings;
  const created = new Date();
  try {
    await writeRunRecord({
      format: 'torchwright-run',
      version: 1,
      id,
      project,
      created: created.toISOString(),
      status: 'running',
      owner,
      seed,
      epochs,
      threads,
      device,
      versions: { torchwright: await ownVersion(), node: process.versions.node },
      ...(choices === undefined ? {} : { choices: [...choices] }),
    });
    index.insert({ id, project, created: created.getTime(), status: 'running', owner, seed, epochs, threads, device });
  } catch (error) {
    await deleteRunFolder(id);
    throw error;
  }
  return id;
}

export async function ownVersion(): Promise<string> {
  const text = await readFile(path.join(repositoryFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** All runs, newest first. Folders that the index does not know (its file was lost, or a process killed) are taken in. */
export async function listRuns(index: RunIndex): Promise<RunRow[]> {
  const known = new Set((await index.list()).map(({ id }) => id));
  for (const id of await listRunFolders()) {
    if (known.has(id)) continue;
    const record = await readRunRecord(id);
    if (record?.id !== id) continue;
    const { project, status, owner, seed, epochs, threads, device, name } = record;
    const created = Date.parse(record.created);
    const settings = { project, created, status, owner, seed, epochs, threads, device };
    index.insert({ id, ...settings, ...(name === undefined ? {} : { name }) });
  }
  return index.list();
}

/** By id, by name, by the only id that begins so, or `last`: the newest. */
export async function findRun(index: RunIndex, name: string): Promise<RunRow> {
  const runs = await listRuns(index);
  if (name === 'last') {
    return runs[0] ?? fail('notFound', 'There are no runs yet.', { advice: 'torchwright train mnist-logit' });
  }
  const exact = runs.find(({ id }) => id === name) ?? runs.find((run) => run.name === name);
  if (exact) return exact;
  const matches = isRunId(name) ? runs.filter(({ id }) => id.startsWith(name)) : [];
  const [only, ...others] = matches;
  if (only === undefined) fail('notFound', `There is no run '${name}'.`, { at: name, advice: 'torchwright runs' });
  if (others.length > 0) {
    const names = matches.map(({ id }) => id).join(', ');
    fail('badUsage', `'${name}' matches ${matches.length} runs: ${names}.`, { at: name });
  }
  return only;
}

/** How long a run whose last process is just saving is waited for, in milliseconds. */
const patience = 20_000;

/** Makes this process the owner of a run that nobody works on. */
export async function claimRun(index: RunIndex, id: string): Promise<RunRow & { readonly status: StoredRunStatus }> {
  const owner = await identityOf(process.pid);
  for (let waited = 0; ; waited += 200) {
    const run = (await index.get(id)) ?? fail('notFound', `There is no run '${id}'.`, { at: id });
    const { status } = run;
    if (!isUnderWay(status)) {
      if (index.claim(id, run.owners, owner)) return { ...run, status };
      continue;
    }
    if (!(await isOnlySaving(run)) || waited >= patience) {
      const processes = run.owners.map(({ pid }) => pid).join(' and ');
      fail('inUse', `The run ${id} is being trained by process ${processes}.`, { at: id });
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The process that started it is gone, its engine is about to go: it saves and stops when it loses its parent. */
async function isOnlySaving(run: RunRow): Promise<boolean> {
  const [starter, engine] = run.owners;
  return engine !== undefined && starter !== undefined && (await isAlive(starter)) === false;
}

export async function deleteRun(index: RunIndex, run: RunRow): Promise<void> {
  if (isUnderWay(run.status)) {
    fail('inUse', `The run ${run.id} is being trained. Stop it before you delete it.`, { at: run.id });
  }
  await discardRun(index, run.id);
}

/** Takes away a run that nobody works on, or that never began. */
export async function discardRun(index: RunIndex, id: string): Promise<void> {
  await deleteRunFolder(id);
  index.delete(id);
}

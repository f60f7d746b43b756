import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { choiceSubjects } from '../../core/training/explain-choices.ts';
import type { Choice } from '../../core/training/explain-choices.ts';
import { fail, isErrorWithCode, withFile } from '../failures.ts';
import { makeFolder, readIfThere, replaceFile } from '../files.ts';
import { pathInside } from '../inside-folder.ts';
import { homeFolder } from '../paths.ts';
import { makeRunId } from './run-id.ts';

const processIdentity = z.object({ host: z.string(), pid: z.number(), started: z.string() });

const choice: z.ZodType<Choice> = z.object({
  about: z.enum(choiceSubjects),
  chosen: z.string(),
  reason: z.string(),
  isAutomatic: z.literal(true).exactOptional(),
  stepSeconds: z.object({ float32: z.number(), bfloat16: z.number() }).exactOptional(),
});

/** run.json: what it takes to understand a run without the index. */
const runRecord = z.object({
  format: z.literal('torchwright-run'),
  version: z.literal(1),
  id: z.string(),
  project: z.string(),
  /** Absent: nobody has named it. */
  name: z.string().exactOptional(),
  created: z.string(),
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  owner: processIdentity,
  seed: z.number(),
  epochs: z.number(),
  threads: z.number(),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  /** What was chosen for it on its machine, and why. Absent: runs of versions that did not say. */
  choices: z.array(choice).exactOptional(),
});

export type RunRecord = Readonly<z.infer<typeof runRecord>>;

export function runsFolder(): string {
  return path.join(homeFolder(), 'runs');
}

export function runFolder(id: string): string {
  // An id may come from a browser or a command line, as the run whose weights another one takes.
  return pathInside(runsFolder(), id) ?? fail('notFound', `There is no run '${id}'.`, { at: id });
}

export function checkpointsFolder(id: string): string {
  return path.join(runFolder(id), 'checkpoints');
}

/** What a generator made after each epoch. */
export function picturesFolder(id: string): string {
  return path.join(runFolder(id), 'pictures');
}

/** What its checkpoints said of the test set. */
export function predictionsFolder(id: string): string {
  return path.join(runFolder(id), 'predictions');
}

/** What was predicted of the test set after each epoch, in short. */
export function predictedClassesFolder(id: string): string {
  return path.join(runFolder(id), 'said');
}

function projectFile(id: string): string {
  return path.join(runFolder(id), 'project.json');
}

function recordFile(id: string): string {
  return path.join(runFolder(id), 'run.json');
}

/** Makes the folder of a new run, with the project in it, and returns its id. */
export async function makeRunFolder(project: string, projectText: string): Promise<string> {
  await makeFolder(runsFolder());
  for (;;) {
    const id = makeRunId(project, new Date());
    const isNew = await withFile(runFolder(id), () => mkdir(runFolder(id))).then(
      () => true,
      (error: unknown) => {
        if (isErrorWithCode(error, 'EEXIST')) return false;
        throw error;
      },
    );
    if (!isNew) continue;
    await makeFolder(checkpointsFolder(id));
    await replaceFile(projectFile(id), projectText);
    return id;
  }
}

export async function writeRunRecord(record: RunRecord): Promise<void> {
  await replaceFile(recordFile(record.id), `${JSON.stringify(record, null, 2)}\n`);
}

export async function recordChoices(id: string, choices: readonly Choice[]): Promise<void> {
  const record = await readRunRecord(id);
  if (record !== null) await writeRunRecord({ ...record, choices: [...choices] });
}

/** Null where there is none or it cannot be understood. */
export async function readRunRecord(id: string): Promise<RunRecord | null> {
  const text = await readIfThere(recordFile(id)).catch(() => null);
  if (text === null) return null;
  try {
    return runRecord.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The project as trained. */
export async function readRunProject(id: string): Promise<string> {
  const file = projectFile(id);
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (!isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    return fail('notFound', `The run ${id} has no folder: ${file} does not exist.`, {
      at: file,
      advice: 'Delete the run, or restore its folder.',
      command: `torchwright runs delete ${id}`,
    });
  });
}

export async function writeRunProject(id: string, text: string): Promise<void> {
  await replaceFile(projectFile(id), text);
}

/** Folders that may be runs, whether the index knows them or not. */
export async function listRunFolders(): Promise<string[]> {
  const names = await readdir(runsFolder()).catch(() => []);
  return names.filter((name) => !name.startsWith('.'));
}

/** Takes the folder away at once, and its contents after that: `.deleted-…` is what a killed deletion leaves. */
export async function deleteRunFolder(id: string): Promise<void> {
  const doomed = path.join(runsFolder(), `.deleted-${id}`);
  await withFile(runFolder(id), async () => {
    await rename(runFolder(id), doomed).catch((error: unknown) => {
      if (!isErrorWithCode(error, 'ENOENT')) throw error;
    });
    for (const name of await readdir(runsFolder()).catch(() => [])) {
      if (name.startsWith('.deleted-')) await rm(path.join(runsFolder(), name), { recursive: true, force: true });
    }
  });
}

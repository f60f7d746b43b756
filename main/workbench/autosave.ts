import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { UnsavedProject } from '../../core/contract/projects.ts';
import { makeFolder, readIfThere, replaceFile } from '../files.ts';
import { unsavedFolder } from '../paths.ts';
import { identityOf, isAlive } from '../process-identity.ts';

/** Unsaved work, one file a document, with the process that keeps it: while that lives, the work is not lost. */
const keptSchema = z.object({
  version: z.literal(1),
  key: z.string(),
  file: z.string().nullable(),
  name: z.string(),
  text: z.string(),
  time: z.number(),
  keeper: z.object({ host: z.string(), pid: z.number(), started: z.string() }),
});

function fileOf(key: string): string {
  return path.join(unsavedFolder(), `${key}.json`);
}

export async function autosave(unsaved: UnsavedProject): Promise<void> {
  await makeFolder(unsavedFolder());
  const kept: z.infer<typeof keptSchema> = {
    version: 1,
    ...unsaved,
    time: Date.now(),
    keeper: await identityOf(process.pid),
  };
  await replaceFile(fileOf(unsaved.key), JSON.stringify(kept));
}

export async function forgetUnsaved(key: string): Promise<void> {
  await rm(fileOf(key), { force: true });
}

/** Newest first: what processes kept that are gone, and what windows of this one left when they went. */
export async function recoverUnsaved(): Promise<readonly (UnsavedProject & { readonly time: number })[]> {
  const names = await readdir(unsavedFolder()).catch(() => []);
  const found: (UnsavedProject & { readonly time: number })[] = [];
  for (const name of names) {
    if (!name.endsWith('.json')) continue;
    const kept = readKept(await readIfThere(path.join(unsavedFolder(), name)));
    if (kept === null || (kept.keeper.pid !== process.pid && (await isAlive(kept.keeper)) === true)) continue;
    const { key, file, name: projectName, text, time } = kept;
    found.push({ key, file, name: projectName, text, time });
  }
  return found.sort((one, other) => other.time - one.time);
}

function readKept(text: string | null): z.infer<typeof keptSchema> | null {
  try {
    return keptSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

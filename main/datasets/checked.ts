import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeFolder, replaceFileUnsynced } from '../files.ts';
import { checkedFolder } from '../paths.ts';
import { fingerprint } from './import/fingerprint.ts';
import type { KnownDataset } from './known-datasets.ts';

const note = z.object({ folder: z.string(), files: z.string(), when: z.number() });

/** Remembers that the files in a folder were held against their checksums and are right. */
export async function noteChecked(known: KnownDataset, folder: string): Promise<void> {
  await makeFolder(checkedFolder());
  const content = { folder, files: await fingerprint(folder), when: Date.now() };
  await replaceFileUnsynced(noteOf(known), Buffer.from(JSON.stringify(content)));
}

/** When the files were found right, in milliseconds since 1970; null: never, or they have changed since. */
export async function whenChecked(known: KnownDataset, folder: string): Promise<number | null> {
  const text = await readFile(noteOf(known), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { when, files, folder: noted } = note.parse(JSON.parse(text));
    return noted === folder && files === (await fingerprint(folder)) ? when : null;
  } catch {
    return null;
  }
}

function noteOf({ name }: KnownDataset): string {
  return path.join(checkedFolder(), `${name}.json`);
}

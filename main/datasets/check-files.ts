import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fail } from '../failures.ts';
import type { KnownDataset } from './known-datasets.ts';

/** Holds every file of a data set in `folder` against its known SHA-256. */
export async function checkFiles(dataset: KnownDataset, folder: string): Promise<void> {
  for (const [name, expected] of Object.entries(dataset.sha256)) {
    const file = await plainOrGzipped(folder, name);
    if (file === null) {
      fail('badData', `${path.join(folder, name)} is missing.`, { at: folder, advice: again(dataset) });
    }
    if ((await contentHash(file)) !== expected) {
      fail('badData', `${file} is not the file it should be (its SHA-256 differs).`, {
        at: file,
        advice: again(dataset),
      });
    }
  }
}

function again(dataset: KnownDataset): string {
  return `Remove the folder and run \`torchwright data get ${dataset.name}\`.`;
}

/** The file under its own name or with `.gz`; null if neither is there. */
export async function plainOrGzipped(folder: string, name: string): Promise<string | null> {
  for (const candidate of [path.join(folder, name), path.join(folder, `${name}.gz`)]) {
    if (await isFile(candidate)) return candidate;
  }
  return null;
}

export async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

export async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function contentHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  if (file.endsWith('.gz')) await pipeline(createReadStream(file), createGunzip(), hash);
  else await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

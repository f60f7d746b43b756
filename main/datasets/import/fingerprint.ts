import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { withFile } from '../../failures.ts';
import { scanFolder } from './scan-folder.ts';
import type { FolderScan } from './scan-folder.ts';

/** All that lies in a folder; null: the place is a file. Throws a FailureError where nothing is there. */
export async function scanOf(place: string): Promise<FolderScan | null> {
  return withFile(place, async () => ((await stat(place)).isDirectory() ? scanFolder(place) : null));
}

/** Stands for the contents of a file or a folder: names, sizes and times of change of all that lies there. */
export async function fingerprint(place: string, known?: FolderScan | null): Promise<string> {
  const scan = known === undefined ? await scanOf(place) : known;
  const hash = createHash('sha256');
  if (scan === null) {
    const { size, mtimeMs } = await withFile(place, () => stat(place));
    hash.update(`${size} ${mtimeMs}`);
  } else {
    // In the order of earlier versions, so that what they noted still holds.
    const files = scan.files.map((file) => ({ file, parts: file.name.split('/') }));
    files.sort((one, other) => inPartOrder(one.parts, other.parts));
    for (const { file } of files) hash.update(`${file.name} ${file.size} ${file.mtimeMs}\n`);
    for (const folder of withoutFiles(scan)) hash.update(`${folder}/\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** A report names them, so a new one must be seen. */
function withoutFiles({ files, folders }: FolderScan): readonly string[] {
  const parents = new Set([...files.map(({ name }) => name), ...folders].map((name) => path.posix.dirname(name)));
  return folders.filter((folder) => !parents.has(folder));
}

function inPartOrder(one: readonly string[], other: readonly string[]): number {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    if (one[at]! !== other[at]!) return one[at]! < other[at]! ? -1 : 1;
  }
  return one.length - other.length;
}

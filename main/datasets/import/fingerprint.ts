import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { withFile } from '../../failures.ts';

/** Stands for the contents of a file or a folder: names, sizes and times of change of all that lies there. */
export async function fingerprint(place: string): Promise<string> {
  const hash = createHash('sha256');
  const found = await withFile(place, () => stat(place));
  if (found.isDirectory()) {
    for (const line of await linesOf(place, '')) hash.update(line);
  } else {
    hash.update(`${found.size} ${found.mtimeMs}`);
  }
  return hash.digest('hex').slice(0, 16);
}

async function linesOf(folder: string, below: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true });
  const visible = entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const lists = await Promise.all(
    visible.map(async (entry) => {
      const name = path.join(below, entry.name);
      if (entry.isDirectory()) return linesOf(folder, name);
      const found = await stat(path.join(folder, name)).catch(() => null);
      return found === null ? [] : [`${name} ${found.size} ${found.mtimeMs}\n`];
    }),
  );
  return lists.flat();
}

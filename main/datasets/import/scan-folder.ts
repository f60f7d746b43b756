import { readdir, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';

export interface ScannedFile {
  /** Below the folder, with slashes. */
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** All that lies in a folder and below it. */
export interface FolderScan {
  readonly files: readonly ScannedFile[];
  /** Below the folder, with slashes; those without files among them. */
  readonly folders: readonly string[];
  /** What cannot be data, with the reason. */
  readonly unusable: readonly UnusableEntry[];
}

export interface UnusableEntry {
  readonly name: string;
  readonly reason: string;
}

/** 2 before 10. */
export function inNaturalOrder(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** Symbolic links are followed; one that leads back to a folder above it is not. Reads no file. */
export async function scanFolder(place: string): Promise<FolderScan> {
  const found: Mutable = { files: [], folders: [], unusable: [] };
  await scan(place, '', [identity(await stat(place))], found);
  return found;
}

interface Mutable {
  readonly files: ScannedFile[];
  readonly folders: string[];
  readonly unusable: UnusableEntry[];
}

async function scan(place: string, below: string, above: readonly string[], found: Mutable): Promise<void> {
  const names = (await readdir(path.join(place, below))).sort(inNaturalOrder);
  const entries = await Promise.all(
    names.map(async (name) => ({ name, stats: await stat(path.join(place, below, name)).catch(() => null) })),
  );
  for (const { name: plain, stats } of entries) {
    const name = below === '' ? plain : `${below}/${plain}`;
    if (isHidden(plain)) {
      found.unusable.push({ name, reason: 'it is hidden or belongs to the operating system' });
    } else if (stats === null) {
      found.unusable.push({ name, reason: 'it is a broken link, or cannot be read' });
    } else if (stats.isFile()) {
      found.files.push({ name, size: stats.size, mtimeMs: stats.mtimeMs });
    } else if (!stats.isDirectory()) {
      found.unusable.push({ name, reason: 'it is a device, pipe or socket, not a file' });
    } else if (above.includes(identity(stats))) {
      found.unusable.push({ name, reason: 'it is a link to a folder that contains it' });
    } else {
      found.folders.push(name);
      await scan(place, name, [...above, identity(stats)], found);
    }
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(name);
}

function identity({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

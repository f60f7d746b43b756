import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import type { Failure } from '../core/failure.ts';
import { homeFolder } from './paths.ts';

/** Newer files take the place of the oldest: an error that comes again and again does not fill the disk. */
const mostFiles = 50;
/** Errors already written by this process: the same one is written once. */
const written = new Map<string, string>();

/**
 * The Failure of an error that nothing foresees, a mistake in Torchwright: one sentence for the user. The details
 * (where it was thrown) go to a file in the home's folder `logs`, or in the temporary folder where that cannot be written.
 */
export async function unexpectedFailure(error: unknown, at?: string): Promise<Failure> {
  const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  const file = await writeDetails(inspect(error, { depth: 4, maxStringLength: 10_000 }));
  return {
    code: 'internal',
    message: `Torchwright hit an internal error: ${reason.slice(0, 300)}`,
    ...(at === undefined ? {} : { at }),
    advice: file === null ? 'Please report it.' : `Please report it with the details in ${file}.`,
  };
}

/** The same as one line for stderr, of a process that goes on. */
export async function reportUnexpected(error: unknown): Promise<void> {
  const { message, advice } = await unexpectedFailure(error);
  process.stderr.write(`error: ${message} ${advice ?? ''}\n`);
}

/** Whoever reports the error sends the file on. */
function withoutToken(words: readonly string[]): readonly string[] {
  return words.map((word, at) => {
    if (words[at - 1] === '--token') return '…';
    return word.startsWith('--token=') ? '--token=…' : word;
  });
}

async function writeDetails(details: string): Promise<string | null> {
  const known = written.get(details);
  if (known !== undefined) return known;
  const text = `${new Date().toISOString()}\n${withoutToken(process.argv.slice(1)).join(' ')}\nNode ${process.version}\n\n${details}\n`;
  const name = `error-${Date.now()}-${process.pid}-${written.size}.log`;
  for (const folder of [path.join(homeFolder(), 'logs'), path.join(tmpdir(), 'torchwright-logs')]) {
    try {
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, name);
      await writeFile(file, text, { mode: 0o600 });
      if (written.size < mostFiles) written.set(details, file);
      await removeOldest(folder).catch(() => undefined);
      return file;
    } catch {
      // The next folder may be writable.
    }
  }
  return null;
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^error-\d+-.*\.log$/.test(name)).sort();
  for (const name of names.slice(0, -mostFiles)) await rm(path.join(folder, name), { force: true });
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { replaceFile } from '../files.ts';

const sumsFile = 'checksums.json';

/** SHA-256 of each file of the checkpoint, in hexadecimal digits. */
const checksums = z.object({ version: z.literal(1), sha256: z.record(z.string(), z.string()) });

/** Written with every checkpoint, before the index names it. */
export async function writeChecksums(directory: string): Promise<void> {
  const sha256: Record<string, string> = {};
  for (const name of await readdir(directory)) {
    if (name !== sumsFile) sha256[name] = await hashOf(path.join(directory, name));
  }
  await replaceFile(path.join(directory, sumsFile), `${JSON.stringify({ version: 1, sha256 }, null, 2)}\n`);
}

/** What was found of directories, by their files' sizes and times: questions about one checkpoint come in rows. */
const found = new Map<string, string | null>();
const mostFound = 100;

/**
 * Why the checkpoint cannot be used, or null. One without checksums, of an older version, counts as sound where its files
 * have the length that their heads promise.
 */
export async function damageOf(directory: string): Promise<string | null> {
  const names = await readdir(directory).catch(() => null);
  if (names === null || names.length === 0) return 'its folder does not exist';
  const facts = await Promise.all(names.map(async (name) => [name, await stat(path.join(directory, name))] as const));
  const key = JSON.stringify([directory, facts.map(([name, { size, mtimeMs }]) => [name, size, mtimeMs])]);
  const known = found.get(key);
  if (known !== undefined) return known;
  const damage = names.includes(sumsFile) ? await wrongSum(directory) : await wrongLength(directory, names);
  if (found.size >= mostFound) found.clear();
  found.set(key, damage);
  return damage;
}

async function wrongSum(directory: string): Promise<string | null> {
  const text = await readFile(path.join(directory, sumsFile), 'utf8');
  const sums = checksums.safeParse(parsed(text));
  if (!sums.success) return `${sumsFile} cannot be read`;
  for (const [name, sum] of Object.entries(sums.data.sha256)) {
    const file = path.join(directory, path.basename(name));
    const actual = await hashOf(file).catch(() => null);
    if (actual === null) return `${name} cannot be read`;
    if (actual !== sum) return `${name} does not match its checksum`;
  }
  return null;
}

async function wrongLength(directory: string, names: readonly string[]): Promise<string | null> {
  for (const name of names.filter((each) => each.endsWith('.safetensors'))) {
    if (!(await isWhole(path.join(directory, name)).catch(() => false))) return `${name} is truncated`;
  }
  return null;
}

/** safetensors: eight bytes with the length of the header, the header with the place of each tensor, the tensors. */
async function isWhole(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = await handle.read(Buffer.alloc(8), 0, 8, 0);
    if (head.bytesRead < 8) return false;
    const length = Number(head.buffer.readBigUInt64LE());
    if (length > size - 8) return false;
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, 8);
    const header = z.record(z.string(), z.unknown()).parse(JSON.parse(buffer.toString('utf8')));
    const ends = Object.entries(header).flatMap(([name, entry]) =>
      name === '__metadata__'
        ? []
        : [z.object({ data_offsets: z.tuple([z.number(), z.number()]) }).parse(entry).data_offsets[1]],
    );
    return 8 + length + Math.max(0, ...ends) === size;
  } finally {
    await handle.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}

import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeZip } from './make-zip.ts';
import type { ZipEntry } from './make-zip.ts';

type Unzip = (archive: string, folder: string, choose: (name: string) => string | null) => Promise<number>;

const { unzip } = (await import(new URL('../../../setup/unzip.mjs', import.meta.url).href)) as { unzip: Unzip };

describe('unzip', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'torchwright-unzip-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function extract(
    entries: readonly ZipEntry[],
    damage: (zip: Buffer) => Buffer = (zip) => zip,
  ): Promise<number> {
    const archive = path.join(folder, 'archive.zip');
    await writeFile(archive, damage(makeZip(entries)));
    return unzip(archive, path.join(folder, 'out'), (name) => name);
  }

  it('writes small and large entries as they were', async () => {
    // The large one is above the limit up to which an entry is held in memory.
    const small = Buffer.from('a few words');
    const large = Buffer.concat([randomBytes(2_000_000), Buffer.alloc(1_000_000)]);
    const entries = [
      { name: 'a/small.txt', data: small },
      { name: 'a/b/large.bin', data: large },
      { name: 'empty', data: Buffer.alloc(0) },
    ];
    expect(await extract(entries)).toBe(3);
    for (const { name, data } of entries) {
      expect((await readFile(path.join(folder, 'out', name))).equals(data), name).toBe(true);
    }
  });

  it.each(['../escaped', 'a/../../escaped', '/tmp/torchwright-escaped', 'a\\..\\escaped'])(
    'refuses %s',
    async (name) => {
      await expect(extract([{ name, data: Buffer.from('x') }])).rejects.toThrow('leads out of the folder');
      expect(await readdir(folder)).toEqual(['archive.zip']);
    },
  );

  it('refuses symbolic links', async () => {
    await expect(extract([{ name: 'link', data: Buffer.from('/etc'), mode: 0o120777 }])).rejects.toThrow('is a link');
  });

  it.each([10, 2_000_000])('notices a changed entry of %i bytes', async (size) => {
    await expect(extract([{ name: 'changed', data: randomBytes(size), sum: 1 }])).rejects.toThrow('damaged');
  });

  it('notices an archive that was cut short', async () => {
    const entries = [{ name: 'large', data: randomBytes(100_000) }];
    await expect(extract(entries, (zip) => zip.subarray(0, 60_000))).rejects.toThrow('not whole');
    await expect(extract(entries, (zip) => zip.subarray(50_000))).rejects.toThrow('not whole');
  });
});

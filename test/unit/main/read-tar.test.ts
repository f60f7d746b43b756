import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTar } from '../../../main/datasets/read-tar.ts';

let folder: string;
let archive: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  archive = path.join(folder, 'a.tar.gz');
  await mkdir(path.join(folder, 'set'));
  await writeFile(path.join(folder, 'set', 'one.bin'), Buffer.alloc(70_000, 1));
  await writeFile(path.join(folder, 'set', 'two.bin'), 'exactly');
  await writeFile(path.join(folder, 'set', 'empty.bin'), '');
  await symlink('/etc/passwd', path.join(folder, 'set', 'link.bin'));
  execFileSync('tar', ['-czf', archive, '-C', folder, '--format=ustar', 'set']);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function contents(): Promise<Record<string, Buffer>> {
  const found: Record<string, Buffer> = {};
  for await (const { name, content } of readTar(archive, (name) => name.endsWith('.bin'))) found[name] = content;
  return found;
}

it('hands out the regular files of an archive, and no links', async () => {
  expect(await contents()).toEqual({
    'set/one.bin': Buffer.alloc(70_000, 1),
    'set/two.bin': Buffer.from('exactly'),
    'set/empty.bin': Buffer.alloc(0),
  });
});

it('rejects an archive that was cut off, and one that is none', async () => {
  const whole = await readFile(archive);
  await writeFile(archive, whole.subarray(0, whole.length / 2));
  await expect(contents()).rejects.toThrow();
  await writeFile(archive, gzipSync(Buffer.alloc(2000, 'x')));
  await expect(contents()).rejects.toThrow('is not a tar archive');
  await rm(archive);
  await expect(contents()).rejects.toThrow('ENOENT');
});

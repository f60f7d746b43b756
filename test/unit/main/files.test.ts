import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImageHead } from '../../../main/datasets/import/decode-image.ts';
import { openProject } from '../../../main/projects/open-project.ts';
import { removeTemporaries, replaceFile, replaceFileUnsynced } from '../../../main/files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('writes of one file that overlap', () => {
  it.each([
    ['synced', replaceFile],
    ['unsynced', replaceFileUnsynced],
  ])('all succeed, and the last one wins whole (%s)', async (name, replace) => {
    const file = path.join(folder, name);
    const contents = Array.from({ length: 12 }, (_, index) => Buffer.alloc(index % 2 ? 3_000_000 : 1000, index));
    // Another way to write the same path is the same file.
    await Promise.all(contents.map((content, index) => replace(index % 3 ? file : `${folder}/./${name}`, content)));
    expect(contents.at(-1)!.equals(await readFile(file))).toBe(true);
    expect((await readdir(folder)).filter((entry) => entry.includes('.part'))).toEqual([]);
  });

  it('do not fail because the one before them did', async () => {
    const file = path.join(folder, 'taken');
    await mkdir(path.join(file, 'full'), { recursive: true });
    const first = replaceFile(file, 'one');
    const second = rm(file, { recursive: true }).then(() => replaceFile(file, 'two'));
    await Promise.allSettled([first]);
    await second;
    expect(await readFile(file, 'utf8')).toBe('two');
  });

  it('name the file, not the temporary one, and take names as long as the disk does', async () => {
    const file = path.join(folder, 'absent', 'x');
    await expect(replaceFile(file, '')).rejects.toMatchObject({ failure: { code: 'notFound', at: file } });
    await replaceFile(path.join(folder, 'n'.repeat(255)), 'long');
    await expect(replaceFile(path.join(folder, 'n'.repeat(256)), '')).rejects.toMatchObject({
      failure: { code: 'badUsage' },
    });
  });
});

describe('temporary files', () => {
  it('of processes that are gone are removed, those of running ones stay', async () => {
    const place = path.join(folder, 'left');
    await mkdir(place);
    // Process numbers end below this one on every system.
    const gone = 4_194_305 * 2;
    const left = [`.torchwright-${gone}-0123456789ab.part`, `.torchwright-${process.pid}-0123456789ab.part`];
    const older = [`x.torchwright.json.${gone}.part`];
    const kept = [`.torchwright-${process.ppid}-0123456789ab.part`, 'x.torchwright.json', 'data.part'];
    for (const name of [...left, ...older, ...kept]) await writeFile(path.join(place, name), '');
    await removeTemporaries(place, path.join(folder, 'absent'));
    expect((await readdir(place)).sort()).toEqual([...kept].sort());
  });
});

it.skipIf(process.platform === 'win32')('a pipe or a device is refused, not waited for', async () => {
  const pipe = path.join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  for (const place of [pipe, '/dev/zero']) {
    await expect(openProject(place), place).rejects.toMatchObject({ failure: { code: 'badUsage' } });
    expect((await readImageHead(place)).ok, place).toBe(false);
  }
});

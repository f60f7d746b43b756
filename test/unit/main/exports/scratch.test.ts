import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { partFolder, removeLeftovers, withPartFolder } from '../../../../main/exports/scratch.ts';

let folder: string;
const temporary = process.env['TMPDIR'];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'leftovers-'));
  process.env['TMPDIR'] = folder;
});
afterEach(async () => {
  if (temporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temporary;
  await rm(folder, { recursive: true, force: true });
});

/** The number of a process that has ended. */
const ended = spawnSync(process.execPath, ['--version']).pid;

test('an export that fails leaves neither its folder nor parents that were made for it', async () => {
  const out = path.join(folder, 'not', 'there', 'yet');
  const work = withPartFolder(out, async (part) => {
    await writeFile(path.join(part, 'model.onnx'), 'half');
    throw new Error('its check refused it');
  });
  await expect(work).rejects.toThrow('its check refused it');
  expect(await readdir(folder)).toEqual([]);
});

test('a finished export stays, with its parents', async () => {
  const out = path.join(folder, 'a', 'b');
  await withPartFolder(out, (part) => rename(part, out));
  expect(await readdir(folder, { recursive: true })).toEqual(['a', path.join('a', 'b')]);
});

test.skipIf(process.platform === 'win32')(
  'what killed exports left is removed by the next, and nothing else',
  async () => {
    const out = path.join(folder, 'out');
    const kept = [
      path.basename(partFolder(out)),
      path.basename(partFolder(path.join(folder, 'other'), ended)),
      '.out.notes.part',
      `torchwright-export-${process.pid}-abcdef`,
      'torchwright-exports-of-mine',
      'torchwright-export-abcdef',
    ];
    const left = [
      path.basename(partFolder(out, ended)),
      `torchwright-export-${ended}-abcdef`,
      `torchwright-python-${ended}-AbC123`,
    ];
    for (const name of [...kept, ...left]) {
      await mkdir(path.join(folder, name));
      await writeFile(path.join(folder, name, 'weights'), 'x');
    }
    await removeLeftovers(out);
    expect((await readdir(folder)).sort()).toEqual([...kept].sort());
  },
);

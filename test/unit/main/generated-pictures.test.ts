import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findGeneratedPictures, readGeneratedPicture } from '../../../main/training/generated-pictures.ts';
import { argumentSchemas } from '../../../main/workbench/argument-schemas.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('the pictures of a run are found in the order of their epochs, whatever else lies there', async () => {
  for (const name of ['epoch-10000.png', 'epoch-0002.png', 'epoch-0010.png', 'epoch-0003.png.7.part', 'notes.txt']) {
    await writeFile(path.join(folder, name), name);
  }
  expect(await findGeneratedPictures(folder)).toEqual({ epochs: [2, 10, 10000], hasAnimation: false });
  expect(await readGeneratedPicture(folder, 10)).toEqual(new TextEncoder().encode('epoch-0010.png'));
  expect(await readGeneratedPicture(folder, 3)).toBeNull();
  expect(await readGeneratedPicture(folder, 'animation')).toBeNull();
  await writeFile(path.join(folder, 'epochs.gif'), 'gif');
  expect((await findGeneratedPictures(folder)).hasAnimation).toBe(true);
});

it('a run that has not come so far has no pictures', async () => {
  expect(await findGeneratedPictures(path.join(folder, 'none'))).toEqual({ epochs: [], hasAnimation: false });
});

it('a picture is asked for by its run and its epoch, never by a path', () => {
  const accepts = (argument: unknown) => argumentSchemas['runs.picture'].safeParse(argument).success;
  expect(accepts({ run: 'mnist-gan-1', picture: 3 })).toBe(true);
  expect(accepts({ run: 'mnist-gan-1', picture: 'animation' })).toBe(true);
  for (const run of ['../mnist', 'a/b', '', '..']) expect(accepts({ run, picture: 1 })).toBe(false);
  for (const picture of ['../../project.json', 'epochs.gif', 0, 1.5, -1]) {
    expect(accepts({ run: 'mnist-gan-1', picture })).toBe(false);
  }
});

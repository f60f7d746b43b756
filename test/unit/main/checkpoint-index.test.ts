import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCheckpointIndex, usedWeights, writeCheckpointIndex } from '../../../main/runs/checkpoint-index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('keeps what the index names and removes the rest', async () => {
  for (const name of ['epoch-1', 'epoch-2', 'epoch-3']) await mkdir(path.join(folder, name));
  const last = { directory: 'epoch-3', epoch: 3, step: 0 };
  const best = { directory: 'epoch-1', epoch: 1, step: 0, testAccuracy: 0.9 };
  await writeCheckpointIndex(folder, { version: 1, last, best });
  expect((await readdir(folder)).sort()).toEqual(['epoch-1', 'epoch-3', 'index.json']);
  expect(await readCheckpointIndex(folder)).toEqual({ version: 1, last, best });
});

it('is absent before the first checkpoint, and a damaged one is named', async () => {
  expect(await readCheckpointIndex(folder)).toBeNull();
  await writeFile(path.join(folder, 'index.json'), '{"version": 1, "last": ');
  await expect(readCheckpointIndex(folder)).rejects.toThrow(path.join(folder, 'index.json'));
});

it('names the weights that are used: those whose figures are better, of older indices the average', () => {
  const at = { directory: 'epoch-3', epoch: 3, step: 0 };
  expect(usedWeights({ ...at, better: 'last' }, true)).toBe('last');
  expect(usedWeights({ ...at, better: 'averaged' }, true)).toBe('averaged');
  expect(usedWeights(at, true)).toBe('averaged');
  expect(usedWeights(at, false)).toBe('last');
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatNpyHeader } from '../../../main/datasets/import/npy-header.ts';
import { readRows } from '../../../main/datasets/read-rows.ts';
import type { SplitFiles } from '../../../core/training/plan.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads rows of a table as they were written, and of arrays, and nothing of images', async () => {
  const inputs = path.join(folder, 'inputs.npy');
  const stored = Float32Array.of(6.9, 0, 3.1, 15.25, 1e-7, -15);
  await writeFile(inputs, Buffer.concat([formatNpyHeader('<f4', [3, 2]), new Uint8Array(stored.buffer)]));
  const split: SplitFiles = { format: 'arrays', inputs, targets: inputs };
  const rows = await readRows(split, [2], Int32Array.of(2, 0, 1), [0, 1_760_000_000.5]);
  expect(Array.from(rows!)).toEqual([1e-7, 1_759_999_985.5, 6.9, 1_760_000_000.5, 3.1, 1_760_000_015.75]);
  expect(Array.from((await readRows(split, [1, 2], Int32Array.of(1)))!)).toEqual([3.1, 15.25]);
  expect(await readRows({ ...split, format: 'idx' } as never, [1, 1, 2], Int32Array.of(0))).toBeNull();
});

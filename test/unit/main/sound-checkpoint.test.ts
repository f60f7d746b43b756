import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeChecksums } from '../../../main/runs/checkpoint-checksums.ts';
import { readCheckpointIndex, writeCheckpointIndex } from '../../../main/runs/checkpoint-index.ts';
import { runFolder, runsFolder } from '../../../main/runs/run-folder.ts';
import { onDamagedCheckpoint, readSoundIndex, settleOnSoundCheckpoint } from '../../../main/runs/sound-checkpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A file of one tensor, as safetensors has it. */
function tensorFile(fill: number): Buffer {
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'U8', shape: [64], data_offsets: [0, 64] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(64, fill)]);
}

async function writeCheckpoint(epoch: number, { withSums = true } = {}): Promise<void> {
  const directory = path.join(folder, `epoch-${epoch}`);
  await mkdir(directory);
  for (const name of ['model.safetensors', 'state.safetensors'])
    await writeFile(path.join(directory, name), tensorFile(epoch));
  if (withSums) await writeChecksums(directory);
}

async function flipLastByte(epoch: number, name: string): Promise<void> {
  const file = path.join(folder, `epoch-${epoch}`, name);
  const content = await readFile(file);
  content[content.length - 1]! ^= 1;
  await writeFile(file, content);
}

const at = (epoch: number) => ({ directory: `epoch-${epoch}`, epoch, step: 0 });
const best = (epoch: number) => ({ ...at(epoch), testAccuracy: 0.9 });

describe('a checkpoint with one flipped bit', () => {
  it.each(['model.safetensors', 'state.safetensors', 'checksums.json'])(
    'in %s gives way to the one before it',
    async (name) => {
      for (const epoch of [1, 2, 3]) await writeCheckpoint(epoch);
      await writeCheckpointIndex(folder, { version: 1, last: at(3), previous: at(2), best: best(1) });
      expect(await readSoundIndex(folder)).toEqual(await readCheckpointIndex(folder));
      await flipLastByte(3, name);
      expect(await readSoundIndex(folder)).toEqual({ version: 1, last: at(2), best: best(1) });
      await flipLastByte(2, name);
      expect(await readSoundIndex(folder)).toEqual({ version: 1, last: at(1), best: best(1) });
      await flipLastByte(1, name);
      await expect(readSoundIndex(folder)).rejects.toMatchObject({ failure: { code: 'badData' } });
    },
  );

  it('is reported once to who listens, so that a window can show it', async () => {
    for (const epoch of [2, 3]) await writeCheckpoint(epoch);
    await writeCheckpointIndex(folder, { version: 1, last: at(3), previous: at(2), best: null });
    await flipLastByte(3, 'model.safetensors');
    const heard: unknown[] = [];
    const forget = onDamagedCheckpoint(({ code, at: where }) => heard.push([code, where]));
    await readSoundIndex(folder);
    await readSoundIndex(folder);
    forget();
    expect(heard).toEqual([['badData', path.join(folder, 'epoch-3')]]);
  });

  it('is replaced in the index where the run is resumed', async () => {
    for (const epoch of [2, 3]) await writeCheckpoint(epoch);
    await writeCheckpointIndex(folder, { version: 1, last: at(3), previous: at(2), best: best(3) });
    await settleOnSoundCheckpoint(folder);
    expect((await readCheckpointIndex(folder))?.last).toEqual(at(3));
    await flipLastByte(3, 'state.safetensors');
    await settleOnSoundCheckpoint(folder);
    expect(await readCheckpointIndex(folder)).toEqual({ version: 1, last: at(2), best: null });
    expect((await readdir(folder)).sort()).toEqual(['epoch-2', 'index.json']);
  });
});

it('checkpoints of older versions, without checksums, are opened unless they are truncated', async () => {
  for (const epoch of [1, 2]) await writeCheckpoint(epoch, { withSums: false });
  await writeFile(path.join(folder, 'index.json'), JSON.stringify({ version: 1, last: at(2), best: best(1) }));
  expect(await readSoundIndex(folder)).toEqual({ version: 1, last: at(2), best: best(1) });
  await writeFile(path.join(folder, 'epoch-2', 'model.safetensors'), tensorFile(2).subarray(0, 100));
  expect((await readSoundIndex(folder))?.last).toEqual(at(1));
});

it('an index that names a folder elsewhere is refused', async () => {
  await mkdir(path.join(folder, 'checkpoints'));
  for (const directory of ['../other', '..', '.', '', '/etc', 'a/b', 'a/../..', 'a\0']) {
    const index = { version: 1, last: { ...at(1), directory }, best: null };
    await writeFile(path.join(folder, 'checkpoints', 'index.json'), JSON.stringify(index));
    await expect(readCheckpointIndex(path.join(folder, 'checkpoints')), directory).rejects.toMatchObject({
      failure: { code: 'badData' },
    });
  }
});

it('the id of a run names a folder among the runs and nothing else', () => {
  expect(runFolder('mnist-logit-1')).toBe(path.join(runsFolder(), 'mnist-logit-1'));
  for (const id of ['..', '.', '', '../x', 'a/../..', '/etc', 'a\0']) expect(() => runFolder(id), id).toThrow('no run');
});

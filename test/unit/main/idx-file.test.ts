import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIdx } from '../../../main/datasets/idx-file.ts';
import { readSplit } from '../../../main/datasets/inspect/read-split.ts';
import { readPixels } from '../../../main/datasets/read-pixels.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterAll(() => rm(folder, { recursive: true }));

function idx(magic: number, shape: readonly number[], content: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(magic);
  for (const [place, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * place);
  return Buffer.concat([header, content]);
}

const pixels = Uint8Array.from({ length: 20 * 4 * 4 }, (_, index) => index % 251);
const images = idx(0x803, [20, 4, 4], pixels);
const labels = idx(
  0x801,
  [20],
  Uint8Array.from({ length: 20 }, (_, index) => index % 3),
);

async function file(name: string, content: Uint8Array): Promise<string> {
  const place = path.join(folder, name);
  await writeFile(place, content);
  return place;
}

async function inspect(imagesFile: string, labelsFile: string): Promise<number> {
  let samples = 0;
  const split = { format: 'idx', images: imagesFile, labels: labelsFile } as const;
  for await (const { count } of readSplit(split, [1, 4, 4])) samples += count;
  return samples;
}

const badData = { failure: { code: 'badData' } };

describe('IDX files', () => {
  it('are read whole, plain and gzipped', async () => {
    const plain = await file('images', images);
    const packed = await file('images.gz', gzipSync(images));
    for (const place of [plain, packed]) expect((await readIdx(place, 'images')).content).toEqual(pixels);
    expect(await inspect(packed, await file('labels', labels))).toBe(20);
    const split = { format: 'idx', images: packed, labels: '' } as const;
    expect(await readPixels(split, [1, 4, 4], Int32Array.of(1))).toEqual(pixels.slice(16, 32));
  });

  it('that the engine refuses are refused here too', async () => {
    const whole = await file('labels', labels);
    const wrong = [
      images.subarray(0, 100),
      Buffer.concat([images, Buffer.alloc(1)]),
      images.subarray(0, 10),
      Buffer.alloc(0),
      labels,
      idx(0x803, [0, 4, 4], new Uint8Array(0)),
      idx(0x803, [2 ** 31, 2 ** 31, 2], new Uint8Array(8)),
      idx(0x803, [5, 8, 8], pixels),
    ];
    for (const [place, content] of wrong.entries()) {
      await expect(inspect(await file(`wrong-${place}`, content), whole), String(place)).rejects.toMatchObject(badData);
      await expect(inspect(await file(`w-${place}.gz`, gzipSync(content)), whole), String(place)).rejects.toMatchObject(
        badData,
      );
    }
    await expect(inspect(await file('cut.gz', gzipSync(images).subarray(0, 60)), whole)).rejects.toMatchObject(badData);
    await expect(inspect(await file('no.gz', images), whole)).rejects.toMatchObject(badData);
    const fewer = await file('fewer', idx(0x801, [19], new Uint8Array(19)));
    await expect(inspect(await file('images', images), fewer)).rejects.toMatchObject(badData);
    await expect(inspect(folder, whole)).rejects.toMatchObject(badData);
  });

  it('that unpack to more than they say are not unpacked', async () => {
    const bomb = await file('bomb.gz', gzipSync(Buffer.concat([images, Buffer.alloc(200_000_000)])));
    const before = process.memoryUsage().arrayBuffers;
    await expect(readIdx(bomb)).rejects.toMatchObject(badData);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });
});

it('CIFAR files of part of a record, or of nothing, are refused', async () => {
  for (const size of [0, 1, 3073 * 2 - 5]) {
    const files = [await file(`cifar-${size}`, new Uint8Array(size))];
    const read = readSplit({ format: 'cifar10', files }, [3, 32, 32]).next();
    await expect(read, String(size)).rejects.toMatchObject(badData);
  }
});

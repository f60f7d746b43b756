import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateDataset } from '../../../main/datasets/datasets.ts';
import { readPixels } from '../../../main/datasets/read-pixels.ts';
import {
  readPredictedClasses,
  readPredictedClassesAfter,
  writePredictedClasses,
} from '../../../main/evaluation/predicted-by-epoch.ts';
import { readPredictions, writePredictions } from '../../../main/evaluation/stored-predictions.ts';
import type { PredictionKey } from '../../../main/evaluation/stored-predictions.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const predictions = {
  samples: 2,
  classes: 3,
  loss: 0.25,
  probabilities: Float32Array.of(0.7, 0.2, 0.1, 0.1, 0.1, 0.8),
  labels: Int32Array.of(0, 1),
  targets: null,
};

async function checkpoint(name: string): Promise<PredictionKey> {
  const place = path.join(folder, 'checkpoints', name);
  await mkdir(place, { recursive: true });
  await mkdir(path.join(folder, 'predictions'), { recursive: true });
  await writeFile(path.join(place, 'model.safetensors'), `weights of ${name}`);
  return { folder: path.join(folder, 'predictions'), checkpoint: place, weights: 'last', views: 0 };
}

describe('predictions kept with a run', () => {
  it('come back as they were', async () => {
    const key = await checkpoint('epoch-1');
    expect(await readPredictions(key)).toBeNull();
    await writePredictions(key, predictions, []);
    expect(await readPredictions(key)).toMatchObject(predictions);
  });

  it('are not taken for those of other weights, of other views, or of a checkpoint written anew', async () => {
    const key = await checkpoint('epoch-1');
    await writePredictions(key, predictions, []);
    expect(await readPredictions({ ...key, weights: 'averaged' })).toBeNull();
    expect(await readPredictions({ ...key, views: 10 })).toBeNull();
    await writeFile(path.join(key.checkpoint, 'model.safetensors'), 'weights of another training');
    expect(await readPredictions(key)).toBeNull();
  });

  it('are nothing where their file is damaged at any length', async () => {
    const key = await checkpoint('epoch-1');
    await writePredictions(key, predictions, []);
    const file = path.join(key.folder, 'epoch-1-last.bin');
    const { length } = await readFile(file);
    for (const left of [length - 9, Math.floor(length / 2), 10, 2, 0]) {
      await truncate(file, left);
      expect(await readPredictions(key)).toBeNull();
    }
  });

  it('go when their checkpoint does', async () => {
    const best = await checkpoint('epoch-1');
    await writePredictions(best, predictions, []);
    await writePredictions({ ...best, views: 4 }, { ...predictions, averaged: predictions.probabilities }, ['epoch-1']);
    await writePredictions(await checkpoint('epoch-2'), predictions, ['epoch-1']);
    await writePredictions(await checkpoint('epoch-12'), predictions, ['epoch-1']);
    const files = ['epoch-1-last-views-4.bin', 'epoch-1-last.bin', 'epoch-12-last.bin'];
    expect((await readdir(best.folder)).toSorted()).toEqual(files);
  });
});

describe('what was said after each epoch', () => {
  it('comes back in the order of the epochs, by weights; a damaged one is left out', async () => {
    for (const epoch of [10, 2, 3]) await writePredictedClasses(folder, epoch, 'last', predictions);
    await writePredictedClasses(folder, 3, 'averaged', predictions);
    await truncate(path.join(folder, 'epoch-0003-last.bin'), 30);
    const found = await readPredictedClasses(folder, 'last');
    expect(found.map(({ epoch }) => epoch)).toEqual([2, 10]);
    expect(found[0]?.predicted).toEqual(Uint16Array.of(0, 2));
    expect([...found[0]!.confidences].map((parts) => parts / 65_535)).toEqual([
      expect.closeTo(0.7, 4),
      expect.closeTo(0.8, 4),
    ]);
    expect((await readPredictedClasses(folder, 'averaged')).map(({ epoch }) => epoch)).toEqual([3]);
    expect(await readPredictedClasses(path.join(folder, 'none'), 'last')).toEqual([]);
    expect(await readPredictedClassesAfter(folder, 10, 'last')).toEqual(found[1]);
    for (const epoch of [1, 3]) expect(await readPredictedClassesAfter(folder, epoch, 'last')).toBeNull();
  });

  it('is not kept of a regression', async () => {
    await writePredictedClasses(folder, 1, 'last', {
      ...predictions,
      labels: new Int32Array(0),
      targets: new Float32Array(6),
    });
    expect(await readPredictedClasses(folder, 'last')).toEqual([]);
  });
});

describe('raw pixels of test images', () => {
  it('are those of the file, packed or not, in the order asked for', async () => {
    const { test, inputShape } = await locateDataset({ source: 'mnist' });
    if (test.format !== 'idx') throw new Error('MNIST lies here in another form');
    const bytes = await readFile(test.images);
    const image = (index: number): Buffer => bytes.subarray(16 + index * 784, 16 + (index + 1) * 784);
    const wanted = Buffer.concat([image(9999), image(0), image(17)]);
    const indices = Int32Array.of(9999, 0, 17);
    expect(Buffer.from((await readPixels(test, inputShape, indices))!)).toEqual(wanted);
    const packed = { ...test, images: path.join(folder, 't10k-images-idx3-ubyte.gz') };
    await writeFile(packed.images, gzipSync(bytes));
    expect(Buffer.from((await readPixels(packed, inputShape, indices))!)).toEqual(wanted);
    await expect(readPixels(test, inputShape, Int32Array.of(10_000))).rejects.toThrow('ends before');
  });

  it('of CIFAR-10 go on from one file to the next', async () => {
    const files = ['a.bin', 'b.bin'].map((name) => path.join(folder, name));
    const record = (value: number): Buffer => Buffer.concat([Buffer.of(9), Buffer.alloc(3072, value)]);
    await writeFile(files[0]!, Buffer.concat([record(1), record(2)]));
    await writeFile(files[1]!, record(3));
    const pixels = await readPixels({ format: 'cifar10', files }, [3, 32, 32], Int32Array.of(2, 1));
    expect([pixels![0], pixels![3071], pixels![3072], pixels!.length]).toEqual([3, 3, 2, 6144]);
    await expect(readPixels({ format: 'cifar10', files }, [3, 32, 32], Int32Array.of(3))).rejects.toThrow(
      'ends before',
    );
  });
});

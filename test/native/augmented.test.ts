import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Augment, Project } from '../../core/project/project.ts';
import { planAugment } from '../../core/training/plan-augment.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import type { AugmentedEpoch } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const count = 24;
const shape = [3, 32, 32];
const size = 3 * 32 * 32;
const normalise = { scale: 1 / 127.5, offset: -1 };

async function pixelsOf(split: SplitFiles): Promise<Uint8Array> {
  const bytes = await readFile(split.format === 'cifar10' ? split.files[0]! : '');
  const pixels = new Uint8Array(count * size);
  for (let index = 0; index < count; index++) {
    pixels.set(bytes.subarray(index * (size + 1) + 1, (index + 1) * (size + 1)), index * size);
  }
  return pixels;
}

async function shown(augment: Augment, seed: number, shuffle: boolean): Promise<AugmentedEpoch> {
  const scale = Array.from({ length: 3 }, () => normalise.scale);
  const offset = scale.map(() => normalise.offset);
  const pixels = await pixelsOf(await writeExcerpt('cifar10', count, folder()));
  return loadAddon().augmentImages(
    pixels,
    shape,
    JSON.stringify({ augment: planAugment(augment), scale, offset, shuffle }),
    seed,
  );
}

/** What the training loop's own session draws for a fresh epoch over the same images. */
async function trained(augment: Augment, seed: number, positions: number): Promise<Float32Array> {
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name: 'augmented',
    networks: {
      main: { type: 'Sequential', children: [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }] },
    },
    data: { source: 'cifar10', normalise: { kind: 'affine', ...normalise }, augment },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate: 0.1 },
      batchSize: count,
      epochs: 1,
    },
  };
  const split = await writeExcerpt('cifar10', count, folder());
  const plan = planOn(project, { source: 'cifar10', split }, { seed: 1, shuffle: true });
  const session = await loadAddon().createSession(JSON.stringify(plan));
  try {
    return await session.sampleBatch(positions, seed, false);
  } finally {
    await session.close();
  }
}

const everything: Augment = {
  flippedCopies: true,
  crop: { padding: 4, mode: 'reflect' },
  flip: { probability: 0.5 },
  cutout: { size: 8 },
};

test.each<[string, Augment]>([
  ['nothing', {}],
  ['flipped copies', { flippedCopies: true }],
  ['a crop', { crop: { padding: 4 } }],
  ['a flip', { flip: { probability: 0.5 } }],
  ['alternating flips', { flip: { probability: 0.5, alternate: true } }],
  ['cutout', { cutout: { size: 9 } }],
  ['everything', everything],
])('%s: images to look at are those that a training would feed, from the same seed', async (_, augment) => {
  for (const seed of [3, 1_000_003]) {
    const { order, images } = await shown(augment, seed, true);
    expect(order.length).toBe(augment.flippedCopies === true ? 2 * count : count);
    expect([...order].toSorted((one, other) => one - other)).toEqual([...order.keys()]);
    expect(images).toEqual(await trained(augment, seed, order.length));
  }
});

test('numbers beyond the images are their mirrored copies', async () => {
  const { images } = await shown({ flippedCopies: true }, 1, false);
  const { images: turned } = await shown({ flip: { probability: 1 } }, 1, false);
  const { images: still } = await shown({}, 1, false);
  expect(images.subarray(0, count * size)).toEqual(still);
  expect(images.subarray(count * size)).toEqual(turned);
  expect(turned).toEqual(still.map((_, at) => still[at - (at % 32) + 31 - (at % 32)]!));
});

test('another seed is another draw, and refused settings say why', async () => {
  const [one, other] = [await shown(everything, 1, true), await shown(everything, 2, true)];
  expect(one.images).not.toEqual(other.images);
  expect(one).toEqual(await shown(everything, 1, true));
  const settings = JSON.stringify({ augment: planAugment({}), scale: [1], offset: [0], shuffle: true });
  expect(() => loadAddon().augmentImages(new Uint8Array(size), shape, settings, 1)).toThrow(/for each/);
  expect(() => loadAddon().augmentImages(new Uint8Array(size + 1), shape, settings, 1)).toThrow(/no images/);
});

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { SequentialNode } from '../../core/network/tree.ts';
import type { Augment, Project } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const scale = 1 / 255;
const side = 32;
const pixels = side * side;
/** Images in the file. */
const stored = 48;
/** Images in a batch; with flipped copies there are twice as many to choose from. */
const count = 48;

/** A linear layer asks for plain layout, a convolution for channels-last: the two ways through the CPU's own path. */
const plain: SequentialNode = {
  type: 'Sequential',
  children: [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }],
};
const convolution: SequentialNode = {
  type: 'Sequential',
  children: [{ type: 'Conv2d', options: { out_channels: 2, kernel_size: 3 } }, ...plain.children],
};

async function batches(augment: Augment, network = plain, shuffle = true) {
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name: 'augment',
    networks: { main: network },
    data: { source: 'cifar10', normalise: { kind: 'affine', scale, offset: 0 }, augment },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate: 0.1 },
      batchSize: count,
      epochs: 1,
    },
  };
  const files = await writeExcerpt('cifar10', stored, folder());
  const plan = planOn(project, { source: 'cifar10', split: files }, { seed: 1, shuffle });
  const session = await loadAddon().createSession(JSON.stringify(plan));
  try {
    return { own: await session.sampleBatch(count, 5, false), general: await session.sampleBatch(count, 5, true) };
  } finally {
    await session.close();
  }
}

/** Image `index` of a batch or of the file as floats. */
function image(batch: Float32Array, index: number): Float32Array {
  return batch.subarray(index * 3 * pixels, (index + 1) * 3 * pixels);
}

function mirrored(from: Float32Array): Float32Array {
  return from.map((_, at) => from[at - (at % side) + (side - 1 - (at % side))] ?? 0);
}

const cases: [string, Augment][] = [
  ['nothing', {}],
  ['flipped copies', { flippedCopies: true }],
  ['crop with zeros', { crop: { padding: 4 } }],
  ['crop with reflection', { crop: { padding: 4, mode: 'reflect' } }],
  ['crop with replication', { crop: { padding: 4, mode: 'replicate' } }],
  ['flip', { flip: { probability: 0.5 } }],
  ['alternating flip', { flip: { probability: 0.5, alternate: true } }],
  ['cutout', { cutout: { size: 9 } }],
  [
    'all',
    { flippedCopies: true, crop: { padding: 3, mode: 'reflect' }, flip: { probability: 0.5 }, cutout: { size: 8 } },
  ],
];

test.each(cases)('%s: the CPU path makes the batches that tensor operations make', async (_, augment) => {
  for (const network of [plain, convolution]) {
    const { own, general } = await batches(augment, network);
    expect(own.length).toBe(count * 3 * pixels);
    for (let at = 0; at < own.length; at++) {
      if (Math.abs((own[at] ?? NaN) - (general[at] ?? NaN)) > 1e-6) expect(own[at], `element ${at}`).toBe(general[at]);
    }
  }
});

test('without augmentation, in file order, a batch is the file, scaled', async () => {
  const { own } = await batches({}, plain, false);
  const files = await writeExcerpt('cifar10', stored, folder());
  const bytes = await readFile(files.format === 'cifar10' ? (files.files[0] ?? '') : '');
  for (const index of [0, 1, 17]) {
    const raw = bytes.subarray(index * (1 + 3 * pixels) + 1, (index + 1) * (1 + 3 * pixels));
    expect(image(own, index)).toEqual(Float32Array.from(raw, (byte) => Math.fround(byte * Math.fround(scale))));
  }
});

test('flip turns about half of the images round and leaves the others', async () => {
  const { own: still } = await batches({}, plain, false);
  const { own } = await batches({ flip: { probability: 0.5 } }, plain, false);
  let turned = 0;
  for (let index = 0; index < count; index++) {
    const isTurned = image(own, index).some((value, at) => value !== image(still, index)[at]);
    if (isTurned) turned++;
    expect(image(own, index)).toEqual(isTurned ? mirrored(image(still, index)) : image(still, index));
  }
  expect(turned).toBeGreaterThan(count / 5);
  expect(turned).toBeLessThan((count * 4) / 5);
});

test('cutout leaves the rest of the picture and blanks a square, cut at the borders', async () => {
  const { own: still } = await batches({}, plain, false);
  const { own } = await batches({ cutout: { size: 8 } }, plain, false);
  for (let index = 0; index < count; index++) {
    const differing = [...image(own, index).keys()].filter((at) => image(own, index)[at] !== image(still, index)[at]);
    expect(differing.every((at) => image(own, index)[at] === 0)).toBe(true);
    const rows = differing.map((at) => Math.floor((at % pixels) / side));
    const columns = differing.map((at) => at % side);
    expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(8);
    expect(Math.max(...columns) - Math.min(...columns)).toBeLessThan(8);
  }
});

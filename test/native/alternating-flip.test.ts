// Jordan 2024, arXiv 2404.00498, section 3.6: flips are drawn once, then all images are flipped every other epoch.

import path from 'node:path';
import { expect, test } from 'vitest';
import type { Augment } from '../../core/project/project.ts';
import { emptyProject } from '../../core/project/empty-project.ts';
import type { EngineSession } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const samples = 48;
/** Nothing is learnt, so that a sample's loss says which way round it was seen. */
const learningRates = new Float64Array(samples);

async function open(augment: Augment, seed = 1, shuffle = false): Promise<EngineSession> {
  const project = {
    ...emptyProject,
    networks: {
      main: {
        type: 'Sequential' as const,
        children: [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }],
      },
    },
    data: { source: 'cifar10', normalise: { kind: 'affine' as const, scale: 1 / 255, offset: 0 }, augment },
    recipe: { ...emptyProject.recipe, batchSize: 1 },
  };
  const split = await writeExcerpt('cifar10', samples, folder());
  return loadAddon().createSession(JSON.stringify(planOn(project, { source: 'cifar10', split }, { seed, shuffle })));
}

/** The losses of so many epochs, sample by sample. */
async function losses(session: EngineSession, epochs: number): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) all.push((await session.train({ learningRates })).batchLosses);
  return all;
}

async function lossesOf(augment: Augment, epochs: number): Promise<Float32Array[]> {
  const session = await open(augment);
  try {
    return await losses(session, epochs);
  } finally {
    await session.close();
  }
}

function turned(found: Float32Array, still: Float32Array, mirrored: Float32Array): boolean[] {
  return [...found].map((loss, sample) => {
    expect([still[sample], mirrored[sample]]).toContain(loss);
    return loss === mirrored[sample];
  });
}

const half: Augment = { flip: { probability: 0.5, alternate: true } };

test('every image is seen both ways in two epochs, and as before in the third', async () => {
  const [still] = await lossesOf({}, 1);
  const [mirrored] = await lossesOf({ flip: { probability: 1 } }, 1);
  const epochs = (await lossesOf(half, 4)).map((found) => turned(found, still!, mirrored!));
  const count = epochs[0]!.filter(Boolean).length;
  expect(count).toBeGreaterThan(samples / 5);
  expect(count).toBeLessThan((samples * 4) / 5);
  expect(epochs[1]).toEqual(epochs[0]!.map((is) => !is));
  expect(epochs[2]).toEqual(epochs[0]);
  expect(epochs[3]).toEqual(epochs[1]);
});

test('with probability 0 all images are as they are, then all mirrored', async () => {
  const [still] = await lossesOf({}, 1);
  const [mirrored] = await lossesOf({ flip: { probability: 1 } }, 1);
  expect(await lossesOf({ flip: { probability: 0, alternate: true } }, 3)).toEqual([still, mirrored, still]);
});

test('the flips belong to the images, in whatever order these come', async () => {
  const sorted = (found: Float32Array): Float32Array => found.toSorted();
  const inOrder = await lossesOf(half, 2);
  const session = await open(half, 1, true);
  const shuffled = await losses(session, 2);
  await session.close();
  expect(shuffled.map(sorted)).toEqual(inOrder.map(sorted));
  expect(shuffled).not.toEqual(inOrder);
});

test.each([0, 20])('a training resumed at step %i of the second epoch goes on with the same flips', async (step) => {
  const expected = await lossesOf(half, 3);
  const broken = await open(half);
  await losses(broken, 1);
  if (step > 0) await broken.train({ learningRates, maxSteps: step });
  const checkpoint = path.join(folder(), `checkpoint-${step}`);
  await broken.saveCheckpoint(checkpoint, '');
  await broken.close();
  // Another seed shows that nothing is drawn anew.
  const resumed = await open(half, 99);
  await resumed.loadCheckpoint(checkpoint);
  expect(await losses(resumed, 2)).toEqual(expected.slice(1));
  await resumed.close();
});

test('another seed draws other flips', async () => {
  const session = await open(half, 2);
  const [first] = await losses(session, 1);
  await session.close();
  expect(first).not.toEqual((await lossesOf(half, 1))[0]);
});

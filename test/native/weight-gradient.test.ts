import path from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import { emptyProject } from '../../core/project/empty-project.ts';
import type { Precision, Project } from '../../core/project/project.ts';
import { standardSteps } from '../../core/training/step-profile.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn } from './plans.ts';
import { readSafetensors } from './safetensors.ts';

// On a processor with matrix units for bfloat16 the second convolution's weight gradient is the engine's own. Elsewhere
// it is oneDNN's, and has to hold the same.

const folder = temporaryFolder();
const addon = loadAddon();

/** 7 × 7 pixels an image: 539 of a batch, which is more than a block of 512 and an odd rest. */
const batchSize = 11;

const network: NetworkNode = {
  type: 'Sequential',
  children: [
    { type: 'Conv2d', options: { out_channels: 32, kernel_size: 5, stride: 4 } },
    { type: 'Conv2d', options: { out_channels: 96, kernel_size: 3, padding: 'same' } },
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 10 } },
  ],
};

async function sessionIn(precision: Precision, threads: number) {
  const project: Project = {
    ...emptyProject,
    networks: { main: network },
    data: { source: 'cifar10', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
    recipe: { ...emptyProject.recipe, kind: 'supervised', optimizer: { type: 'SGD' }, batchSize, precision },
  };
  const split = await writeExcerpt('cifar10', batchSize, folder());
  const plan = planOn(project, { source: 'cifar10', split }, { seed: 3, shuffle: false });
  return addon.createSession(JSON.stringify({ ...plan, threads }));
}

/** Weights by name before and after one step of plain SGD at rate 1: their difference is the gradient. */
async function gradientsIn(precision: Precision, threads = 1): Promise<ReadonlyMap<string, Float32Array>> {
  const session = await sessionIn(precision, threads);
  const weights = async (name: string) => {
    const file = path.join(folder(), `${name}.safetensors`);
    await session.saveWeights(file);
    return readSafetensors(file);
  };
  const before = await weights('before');
  await session.train({ learningRates: Float64Array.of(1) });
  const after = await weights('after');
  await session.close();
  return new Map(
    [...before].flatMap(([name, { data: values }]) => {
      const now = after.get(name)!.data;
      if (!(values instanceof Float32Array && now instanceof Float32Array)) return [];
      return [[name, values.map((value, at) => value - now[at]!)] as const];
    }),
  );
}

test('gradients of a step in bfloat16 are those of float32, but for its rounding', async () => {
  const [narrow, full] = [await gradientsIn('bfloat16'), await gradientsIn('float32')];
  expect([...narrow.keys()]).toContain('1.weight');
  for (const [name, gradient] of full) {
    // Eight bits a factor, and two roundings on the way: three of 256, of the largest.
    expectClose(name, narrow.get(name)!, gradient, 3 * 2 ** -8);
  }
});

test('the threads change no bit of them where the engine sums them', async (context) => {
  const session = await sessionIn('bfloat16', 1);
  const rates = { learningRate: 0, discriminatorRate: 0 };
  const { rows } = await session.profile({ ...standardSteps, ...rates, warmUp: 0, steps: 1 });
  await session.close();
  const isOwn = rows.some(({ kernels }) => kernels.includes('weightGradient'));
  context.skip(!isOwn, 'this processor has no matrix units: oneDNN sums them, by blocks that depend on the threads');
  const [one, three] = [await gradientsIn('bfloat16', 1), await gradientsIn('bfloat16', 3)];
  expect(Buffer.from(one.get('1.weight')!.buffer).equals(Buffer.from(three.get('1.weight')!.buffer))).toBe(true);
});

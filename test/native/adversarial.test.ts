import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import { emptyProject } from '../../core/project/empty-project.ts';
import type { Project } from '../../core/project/project.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import baseline from '../baselines/adversarial.json' with { type: 'json' };
import { expectClose, temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';
import { filled } from './weights.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const { samples, iterations, rate } = baseline;

const layer = (type: string, options: Readonly<Record<string, number | boolean | readonly number[]>> = {}) => ({
  type,
  options,
});
const sequence = (...children: readonly NetworkNode[]): NetworkNode => ({ type: 'Sequential', children });
const joined = (...side: readonly NetworkNode[]): NetworkNode => ({
  type: 'Join',
  join: { kind: 'cat' },
  branches: [sequence(), sequence(...side)],
});
const embedding = (size: number) => layer('Embedding', { num_embeddings: 10, embedding_dim: size });

/** The networks of test/baselines/adversarial.py. */
function projectOf(conditional: boolean): Project {
  const up = (channels: number, kernel: number, more: Readonly<Record<string, number>> = {}) =>
    layer('ConvTranspose2d', { out_channels: channels, kernel_size: kernel, ...more, bias: false });
  const down = (channels: number, kernel: number, more: Readonly<Record<string, number>> = {}) =>
    layer('Conv2d', { out_channels: channels, kernel_size: kernel, ...more, bias: false });
  const norm = layer('BatchNorm2d');
  const leaky = layer('LeakyReLU', { negative_slope: 0.2 });
  return {
    ...emptyProject,
    networks: {
      main: sequence(
        ...(conditional ? [joined(embedding(4), layer('Reshape', { shape: [4, 1, 1] }))] : []),
        ...[up(8, 4), norm, layer('ReLU')],
        ...[up(4, 3, { stride: 2, padding: 1 }), norm, layer('ReLU')],
        ...[up(1, 4, { stride: 4 }), layer('Tanh')],
      ),
      discriminator: sequence(
        ...(conditional
          ? [joined(embedding(5), layer('Linear', { out_features: 784 }), layer('Reshape', { shape: [1, 28, 28] }))]
          : []),
        ...[down(4, 4, { stride: 4 }), leaky, down(8, 4, { stride: 2, padding: 1 }), norm, leaky],
        ...[down(1, 3), layer('Sigmoid'), layer('Flatten')],
      ),
    },
    recipe: {
      kind: 'adversarial',
      loss: { type: 'BCE' },
      optimizer: { type: 'Adam', betas: [0.5, 0.999] },
      schedule: { type: 'Constant', rate },
      batchSize: samples,
      epochs: 1,
      noise: [8, 1, 1],
      realTargets: [0.8, 1],
      ...(conditional ? { conditional } : {}),
    },
  };
}

async function planOf(conditional: boolean): Promise<Plan> {
  const split = await writeExcerpt('mnist', samples * iterations, folder());
  return planOn(projectOf(conditional), { source: 'mnist', split }, { seed: 3, shuffle: false });
}

/** Weights by formula, and the generator of random numbers in the state that Python's was in. */
async function begin(session: EngineSession, directory: string, state: string): Promise<void> {
  await session.saveCheckpoint(directory, '{}');
  await fill(path.join(directory, 'model.safetensors'), 0);
  await fill(path.join(directory, 'discriminator.safetensors'), 100);
  const file = path.join(directory, 'state.safetensors');
  const bytes = await readFile(file);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, { data_offsets: [number, number] }>;
  const [from, to] = header['generator.cpu']!.data_offsets;
  const wanted = Buffer.from(state, 'base64');
  expect(wanted).toHaveLength(to - from);
  wanted.copy(bytes, start + from);
  await writeFile(file, bytes);
  await session.loadCheckpoint(directory);
}

async function fill(file: string, seed: number): Promise<void> {
  const tensors = new Map<string, Tensor>(await readSafetensors(file));
  for (const [ordinal, [name, { shape, data }]] of (await parametersIn(file)).entries()) {
    const isScale = shape.length === 1 && name.endsWith('weight');
    tensors.set(name, { shape, data: filled(seed + ordinal, data.length, [isScale ? 1 : 0, 0.15, false]) });
  }
  await writeSafetensors(file, tensors);
}

/** As PyTorch lists them: of each module the weight before the bias. In the file they lie by their names. */
async function parametersIn(file: string): Promise<readonly (readonly [name: string, tensor: Tensor])[]> {
  const parameters = [...(await readSafetensors(file))].filter(([name]) => /(weight|bias)$/.test(name));
  const place = (name: string) => name.replace(/weight$/, 'a');
  return parameters.toSorted(([one], [other]) => (place(one) < place(other) ? -1 : 1));
}

async function norms(file: string): Promise<readonly number[]> {
  return (await parametersIn(file)).map(([, { data }]) => Math.hypot(...Array.from(data, Number)));
}

describe.each(baseline.cases)('adversarial training, with a class: $classes', (expected) => {
  test('takes the steps that Python PyTorch takes', async () => {
    const session = await loadAddon().createSession(JSON.stringify(await planOf(expected.classes)));
    try {
      await begin(session, path.join(folder(), `begin-${expected.classes}`), expected.generator);
      const learningRates = new Float64Array(iterations).fill(rate);
      const outcome = await session.train({ learningRates });
      expect(outcome.state).toBe('finished');
      expect(outcome.accuracy).toBeUndefined();
      expectClose(
        'discriminator',
        outcome.batchLosses,
        expected.losses.map(([loss]) => loss!),
        1e-5,
      );
      expectClose(
        'generator',
        outcome.generatorLosses!,
        expected.losses.map(([, loss]) => loss!),
        1e-5,
      );
      const after = path.join(folder(), `after-${expected.classes}`);
      await session.saveCheckpoint(after, '{}');
      expectClose('weights', await norms(path.join(after, 'model.safetensors')), expected.norms[0]!, 1e-5);
      expectClose('weights', await norms(path.join(after, 'discriminator.safetensors')), expected.norms[1]!, 1e-5);
      const noise = Float32Array.from({ length: 16 }, (_, index) => -1 + (2 * index) / 15);
      const made = await session.generate(noise, expected.classes ? Int32Array.of(3, 7) : undefined);
      expectClose(
        'pictures',
        made.filter((_, index) => index % 97 === 0),
        expected.pictures,
        1e-4,
      );
    } finally {
      await session.close();
    }
  });

  test('goes on from a checkpoint in the middle of an epoch to the same bytes', async () => {
    const plan = JSON.stringify(await planOf(expected.classes));
    const learningRates = new Float64Array(iterations).fill(rate);
    const [whole, first, second] = await Promise.all([1, 2, 3].map(() => loadAddon().createSession(plan)));
    try {
      const name = (part: string) => path.join(folder(), `${part}-${expected.classes}`);
      await whole!.train({ learningRates });
      await whole!.saveCheckpoint(name('whole'), '{}');
      await first!.train({ learningRates, maxSteps: 1 });
      await first!.saveCheckpoint(name('half'), '{}');
      await second!.loadCheckpoint(name('half'));
      const outcome = await second!.train({ learningRates });
      expect(outcome.generatorLosses).toHaveLength(iterations);
      await second!.saveCheckpoint(name('resumed'), '{}');
      for (const file of ['model.safetensors', 'discriminator.safetensors']) {
        const [one, other] = await Promise.all(
          ['whole', 'resumed'].map((part) => readFile(path.join(name(part), file))),
        );
        expect(one!.equals(other!)).toBe(true);
      }
    } finally {
      await Promise.all([whole, first, second].map((session) => session!.close()));
    }
  });
});

test('judges both networks on test images, the same every time, and predicts no classes', async () => {
  const session = await loadAddon().createSession(JSON.stringify(await planOf(true)));
  try {
    const judged = await session.evaluate('test');
    expect(judged).toMatchObject({ samples: samples * iterations });
    expect(judged.accuracy).toBeUndefined();
    // Untrained, neither knows: about ln 2 for each verdict.
    expect(judged.loss).toBeCloseTo(2 * Math.LN2, 0);
    expect(judged.generatorLoss).toBeCloseTo(Math.LN2, 0);
    expect(await session.evaluate('test')).toEqual(judged);
    await expect(session.predict('test')).rejects.toMatchObject({ code: 'badUsage' });
    await expect(session.generate(new Float32Array(8))).rejects.toMatchObject({ code: 'badUsage' });
  } finally {
    await session.close();
  }
});

import { spawn } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseProject } from '../../core/project/parse.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan, SplitFiles } from '../../core/training/plan.ts';
import { formatNpyHeader } from '../../main/datasets/import/npy-header.ts';
import { drawsFrom } from '../../core/random.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { addonFile } from '../../main/paths.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pixels = 3 * 32 * 32;
/** Just above the size from which the engine leaves a file where it is. */
const streamedImages = Math.ceil(2 ** 26 / pixels) + 5;

function planOf(train: SplitFiles, test: SplitFiles): Plan {
  const parsed = parseProject({
    format: 'torchwright-project',
    version: 1,
    name: 'streamed',
    networks: {
      main: { type: 'Sequential', children: [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }] },
    },
    data: {
      source: 'cifar10',
      normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 },
      augment: { flip: { probability: 0.5 }, crop: { padding: 4 } },
    },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate: 0.001 },
      batchSize: 128,
      epochs: 1,
    },
  });
  if (!parsed.ok) throw new Error(parsed.failures[0]!.message);
  const facts = {
    inputShape: [3, 32, 32],
    classes: 10,
    train,
    test,
    device: 'cpu',
    threads: 1,
    seed: 3,
    shuffle: true,
  };
  const made = makePlan(parsed.project, facts);
  if (!made.ok) throw new Error(made.failures[0]!.message);
  return made.plan;
}

/** The same random images as CIFAR-10's records, which are read whole, and as arrays, which are not. */
async function writeTwice(images: number): Promise<{ readonly whole: SplitFiles; readonly arrays: SplitFiles }> {
  const draw = drawsFrom(images);
  const records = Buffer.alloc(images * (1 + pixels));
  const words = new Int32Array(Math.ceil(records.length / 4));
  for (let index = 0; index < words.length; index++) words[index] = draw() * 2 ** 32;
  records.set(new Uint8Array(words.buffer, 0, records.length));
  const labels = new BigInt64Array(images);
  const file = path.join(folder, `records-${images}`);
  const inputs = path.join(folder, `inputs-${images}.npy`);
  const header = formatNpyHeader('|u1', [images, 3, 32, 32]);
  const array = Buffer.alloc(header.length + images * pixels);
  array.set(header);
  for (let image = 0; image < images; image++) {
    const at = image * (1 + pixels);
    records[at] = records[at]! % 10;
    labels[image] = BigInt(records[at]);
    records.copy(array, header.length + image * pixels, at + 1, at + 1 + pixels);
  }
  await writeFile(file, records);
  await writeFile(inputs, array);
  return {
    whole: { format: 'cifar10', files: [file] },
    arrays: { format: 'arrays', inputs, targets: await writeLabels(labels) },
  };
}

async function writeLabels(labels: BigInt64Array): Promise<string> {
  const file = path.join(folder, `labels-${labels.length}.npy`);
  const bytes = new Uint8Array(labels.buffer);
  await writeFile(file, Buffer.concat([formatNpyHeader('<i8', [labels.length]), bytes]));
  return file;
}

test('a training that reads a batch ahead from the file is the one that has everything in memory', async () => {
  const train = await writeTwice(streamedImages);
  const small = await writeTwice(300);
  const learn = async (plan: Plan) => {
    const session = await loadAddon().createSession(JSON.stringify(plan));
    const { stepsPerEpoch } = session.describe();
    const learningRates = new Float64Array(stepsPerEpoch).fill(0.001);
    // Cut off in mid-epoch: what was read ahead then is asked for again, or not.
    await session.train({ learningRates, maxSteps: 7 });
    const begun = await session.evaluate('train');
    const outcome = await session.train({ learningRates });
    const tested = await session.evaluate('test');
    await session.close();
    return { losses: outcome.batchLosses, begun: begun.loss, tested: tested.loss };
  };
  const whole = await learn(planOf(train.whole, small.whole));
  const streamed = await learn(planOf(train.arrays, small.arrays));
  expect(whole.losses).toHaveLength(Math.ceil(streamedImages / 128));
  expect(streamed).toEqual(whole);
});

test.skipIf(process.platform !== 'linux')('a set larger than the memory there is, is trained on', async () => {
  // Of zeros that take no room on the disk; the limit counts what a process has for itself, not what it maps.
  const images = 700_000;
  const limit = 1_600_000_000;
  expect(images * pixels).toBeGreaterThan(limit);
  const inputs = path.join(folder, 'large.npy');
  const header = formatNpyHeader('|u1', [images, 3, 32, 32]);
  await writeFile(inputs, header);
  await truncate(inputs, header.length + images * pixels);
  const targets = await writeLabels(new BigInt64Array(images));
  const small = await writeTwice(300);
  const planFile = path.join(folder, 'plan.json');
  await writeFile(planFile, JSON.stringify(planOf({ format: 'arrays', inputs, targets }, small.arrays)));
  const engine = path.join(path.dirname(addonFile()), 'torchwright-engine');
  const limited = `ulimit -d ${Math.floor(limit / 1024)} && exec "$0" "$@"`;
  const ended = await output('bash', ['-c', limited, engine, planFile, '--steps', '100']);
  expect(ended).toMatch(/^epoch 1 paused: 100 steps/m);
});

function output(program: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { env: { ...process.env, OMP_NUM_THREADS: '1' } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => resolve(text));
  });
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Optimizer, Project } from '../../core/project/project.ts';
import type { EngineSession } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { readSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const batchSize = 16;
const steps = 4;

const body: readonly NetworkNode[] = [
  { type: 'Conv2d', options: { out_channels: 6, kernel_size: 5, stride: 2, bias: false } },
  { type: 'BatchNorm2d' },
  { type: 'ReLU' },
  { type: 'Flatten' },
];
const head = (features: number): NetworkNode => ({ type: 'Linear', options: { out_features: features } });

test('weights of another network go where name and shape are the same, and the rest is named', async () => {
  const source = await open([...body, head(24), { type: 'ReLU' }, head(10)]);
  const file = path.join(folder(), 'source.safetensors');
  await source.saveWeights(file);
  await source.close();

  const session = await open([...body, head(10), { type: 'ReLU' }, { type: 'Dropout' }, head(10)], 2);
  const before = await tensorsOf(session);
  const report = await session.loadMatchingWeights(file);
  const after = await tensorsOf(session);
  const theirs = await readSafetensors(file);
  expect(report).toEqual({
    matched: ['0.weight', '1.weight', '1.bias', '1.running_mean', '1.running_var', '1.num_batches_tracked'],
    missing: ['7.weight', '7.bias'],
    otherShape: [
      { name: '4.weight', found: [24, 864], expected: [10, 864] },
      { name: '4.bias', found: [24], expected: [10] },
    ],
    unused: ['6.bias', '6.weight'],
  });
  for (const name of report.matched) expect(after.get(name), name).toEqual(theirs.get(name));
  for (const name of ['4.weight', '4.bias', '7.weight', '7.bias'])
    expect(after.get(name), name).toEqual(before.get(name));
  await session.close();
});

/** Decay would move a frozen weight even where its gradient is zero; momentum would keep moving it. */
const optimizers: readonly Optimizer[] = [
  { type: 'SGD', momentum: 0.9, weightDecay: 0.1 },
  { type: 'AdamW', weightDecay: 0.5 },
  { type: 'LAMB', weightDecay: 0.1 },
];

test.each(optimizers)('$type leaves frozen modules alone: no step, no decay, no state', async (optimizer) => {
  const [convolution, norm, ...rest] = body as [NetworkNode, NetworkNode];
  const frozen = { type: 'Sequential', frozen: true, children: [convolution, norm] } as NetworkNode;
  const session = await open([frozen, ...rest, head(10)], 1, optimizer);
  const before = await tensorsOf(session);
  await session.train({ learningRates: new Float64Array(steps).fill(0.01) });
  const checkpoint = path.join(folder(), `checkpoint-${optimizer.type}`);
  await session.saveCheckpoint(checkpoint, '');
  await session.close();

  const after = await readSafetensors(path.join(checkpoint, 'model.safetensors'));
  const changed = [...after.keys()].filter((name) => !equal(after.get(name), before.get(name)));
  // As in PyTorch, requires_grad=False says nothing of running statistics: in training mode they follow the data.
  expect(changed.sort()).toEqual([
    '0.1.num_batches_tracked',
    '0.1.running_mean',
    '0.1.running_var',
    '3.bias',
    '3.weight',
  ]);
  const state = (await readFile(path.join(checkpoint, 'state.safetensors'))).toString('latin1');
  expect(state).toMatch(/"optimizer\.\w+\.3\.weight"/);
  expect(state).not.toMatch(/"optimizer\.\w+\.0\./);
});

function equal(one: Tensor | undefined, other: Tensor | undefined): boolean {
  return one !== undefined && other !== undefined && one.data.every((value, index) => value === other.data[index]);
}

async function tensorsOf(session: EngineSession): Promise<ReadonlyMap<string, Tensor>> {
  const file = path.join(folder(), 'weights.safetensors');
  await session.saveWeights(file);
  return readSafetensors(file);
}

async function open(
  network: readonly NetworkNode[],
  seed = 1,
  optimizer: Optimizer = { type: 'SGD' },
): Promise<EngineSession> {
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name: 'fine-tune',
    networks: { main: { type: 'Sequential', children: network } },
    data: { source: 'mnist', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer,
      schedule: { type: 'Constant', rate: 1 },
      batchSize,
      epochs: 1,
    },
  };
  const split = await writeExcerpt('mnist', batchSize * steps, folder());
  const plan = planOn(project, { source: 'mnist', split }, { seed, shuffle: true });
  return loadAddon().createSession(JSON.stringify(plan));
}

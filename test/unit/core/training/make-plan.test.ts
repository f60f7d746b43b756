import { describe, expect, test } from 'vitest';
import { parseProject } from '../../../../core/project/parse.ts';
import type { Optimizer, Project } from '../../../../core/project/project.ts';
import { makePlan } from '../../../../core/training/make-plan.ts';
import type { PlanFacts } from '../../../../core/training/make-plan.ts';
import type { Plan, PlanLayer, PlanNode } from '../../../../core/training/plan.ts';
import { recipeText } from '../project/recipe-files.ts';

const mnist: PlanFacts = {
  inputShape: [1, 28, 28],
  classes: 10,
  train: { format: 'idx', images: 'train-images', labels: 'train-labels' },
  test: { format: 'idx', images: 'test-images', labels: 'test-labels' },
  device: 'cpu',
  threads: 1,
  seed: 7,
  shuffle: true,
};

const cifar: PlanFacts = {
  ...mnist,
  inputShape: [3, 32, 32],
  train: { format: 'cifar10', files: ['data_batch_1.bin'] },
  test: { format: 'cifar10', files: ['test_batch.bin'] },
};

function recipe(name: string): Project {
  const result = parseProject(recipeText(name));
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return result.project;
}

function planOf(project: Project, facts: PlanFacts): Plan {
  const result = makePlan(project, facts);
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return result.plan;
}

function layers(node: PlanNode | null): readonly PlanLayer[] {
  if (node === null) return [];
  switch (node.type) {
    case 'Layer':
      return [node];
    case 'Sequential':
    case 'NBeats':
      return node.children.flatMap(layers);
    case 'Residual':
      return [node.body, node.shortcut, node.after].flatMap(layers);
    case 'Fork':
    case 'Join':
      return node.branches.flatMap(layers);
    case 'Repeat':
      return layers(node.body);
    case 'Recurrent':
      return [node.before, node.body, node.after].flatMap(layers);
    case 'Transform':
      return [node.training, node.evaluation].flatMap(layers);
  }
}

test('every option is filled in, pairs as two numbers', () => {
  const [conv, , , pool] = layers(planOf(recipe('mnist-conv'), mnist).network);
  expect(conv).toEqual({
    type: 'Layer',
    layer: 'Conv2d',
    path: 'networks.main.children[0]',
    key: '0',
    options: {
      in_channels: 1,
      out_channels: 20,
      kernel_size: [5, 5],
      stride: [1, 1],
      padding: [0, 0],
      dilation: [1, 1],
      groups: 1,
      bias: true,
      padding_mode: 'zeros',
    },
    initialise: [],
    frozen: false,
  });
  expect(pool?.options).toEqual({
    kernel_size: [2, 2],
    stride: [2, 2],
    padding: [0, 0],
    dilation: [1, 1],
    ceil_mode: false,
  });
});

test('a plan is plain JSON without Blocks and expressions', () => {
  const plan = planOf(recipe('cifar10-resnet50'), cifar);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  expect(layers(plan.network).every((layer) => !Object.values(layer.options).includes('4*channels'))).toBe(true);
});

describe('normalisation', () => {
  test('of figures per channel is a scale and an offset of the pixel', () => {
    const { normalise } = planOf(recipe('lesson-convnet'), cifar).data;
    if (normalise.kind !== 'affine') throw new Error('is not affine');
    const { scale, offset } = normalise;
    // (x / 255 - mean) / std of the middle channel at pixel 200.
    expect(200 * scale[1]! + offset[1]!).toBeCloseTo((200 / 255 - 0.48216) / 0.24349, 12);
    expect(scale).toHaveLength(3);
  });

  test('without figures is left to the engine', () => {
    expect(planOf(recipe('cifar10-resnet18'), cifar).data.normalise).toEqual({ kind: 'computed' });
  });
});

test('an initialiser goes to the layers it names, and only for parameters they have', () => {
  const byLayer = layers(planOf(recipe('mnist-simpnet'), mnist).network);
  for (const layer of byLayer) {
    expect(layer.initialise.map((rule) => rule.method)).toEqual(layer.layer === 'Conv2d' ? ['xavier_normal'] : []);
  }
});

describe('parameter groups', () => {
  function groups(optimizer: Optimizer, network = recipe('mnist-conv').networks.main) {
    const project = recipe('mnist-conv');
    return planOf({ ...project, networks: { main: network }, recipe: { ...project.recipe, optimizer } }, mnist).training
      .optimizer.groups;
  }

  test('the first group that takes a parameter has it, the rest is one more group', () => {
    const planned = groups({
      type: 'AdamW',
      weightDecay: 0.1,
      groups: [
        { kinds: ['bias', 'norm'], weightDecay: 0 },
        { modules: ['9', '12'], learningRateFactor: 0.1 },
      ],
    });
    expect(planned).toEqual([
      { parameters: ['0.bias', '4.bias', '9.bias', '12.bias'], learningRateFactor: 1, weightDecay: 0 },
      { parameters: ['9.weight', '12.weight'], learningRateFactor: 0.1, weightDecay: 0.1 },
      { parameters: ['0.weight', '4.weight'], learningRateFactor: 1, weightDecay: 0.1 },
    ]);
  });

  test('a module is its whole name, not the beginning of another', () => {
    const [first] = groups(
      { type: 'SGD', groups: [{ modules: ['1'], learningRateFactor: 0 }] },
      {
        type: 'Sequential',
        children: [
          { type: 'Flatten' },
          { type: 'Linear', options: { out_features: 10 } },
          ...new Array<{ type: string }>(8).fill({ type: 'ReLU' }),
          { type: 'Linear', options: { out_features: 10 } },
        ],
      },
    );
    expect(first?.parameters).toEqual(['1.weight', '1.bias']);
  });

  test('decay of weights only leaves norms and biases alone, but for a group that says so itself', () => {
    expect(groups({ type: 'AdamW', decayOnlyWeights: true, groups: [{ modules: ['12'], weightDecay: 0.3 }] })).toEqual([
      { parameters: ['12.weight', '12.bias'], learningRateFactor: 1, weightDecay: 0.3 },
      { parameters: ['0.weight', '4.weight', '9.weight'], learningRateFactor: 1, weightDecay: 0.01 },
      { parameters: ['0.bias', '4.bias', '9.bias'], learningRateFactor: 1, weightDecay: 0 },
    ]);
  });

  test('Muon takes the weights of layers, AdamW biases and tables of embeddings', () => {
    const network = {
      type: 'Sequential',
      children: [
        { type: 'Conv2d', options: { out_channels: 2, kernel_size: 28 } },
        { type: 'BatchNorm2d' },
        { type: 'Flatten' },
        { type: 'Linear', options: { out_features: 10 } },
      ],
    };
    expect(groups({ type: 'Muon', groups: [{ kinds: ['norm'], weightDecay: 0 }] }, network)).toEqual([
      { parameters: ['1.weight'], learningRateFactor: 1, weightDecay: 0, method: 'AdamW' },
      { parameters: ['0.weight', '3.weight'], learningRateFactor: 1, weightDecay: 0.1, method: 'Muon' },
      { parameters: ['0.bias', '1.bias', '3.bias'], learningRateFactor: 1, weightDecay: 0.1, method: 'AdamW' },
    ]);
  });

  test('a group leaves its weights to the other optimizer of Muon', () => {
    const optimizer: Optimizer = { type: 'Muon', others: 'SGD', groups: [{ modules: ['12'], byMuon: false }] };
    expect(groups(optimizer)).toEqual([
      { parameters: ['12.weight', '12.bias'], learningRateFactor: 1, weightDecay: 0.1, method: 'SGD' },
      { parameters: ['0.weight', '4.weight', '9.weight'], learningRateFactor: 1, weightDecay: 0.1, method: 'Muon' },
      { parameters: ['0.bias', '4.bias', '9.bias'], learningRateFactor: 1, weightDecay: 0.1, method: 'SGD' },
    ]);
  });

  test('how long a group is trained is in the plan where it is written', () => {
    const optimizer: Optimizer = {
      type: 'SGD',
      groups: [
        { modules: ['0'], kinds: ['weight'], untilEpoch: 0 },
        { kinds: ['bias'], untilEpoch: 3, wholeSchedule: true },
      ],
    };
    expect(groups(optimizer).map(({ untilEpoch, wholeSchedule }) => [untilEpoch, wholeSchedule])).toEqual([
      [0, undefined],
      [3, true],
      [undefined, undefined],
    ]);
  });

  test('what is frozen is in none', () => {
    const project = recipe('mnist-linear');
    const network = project.networks.main;
    if (!('children' in network)) throw new Error('is no Sequential');
    const main = {
      ...network,
      children: network.children.map((node, index) => (index === 1 ? { ...node, frozen: true } : node)),
    };
    const { optimizer } = planOf({ ...project, networks: { main } }, mnist).training;
    expect(optimizer.groups.flatMap((group) => group.parameters)).toEqual(['3.weight', '3.bias']);
  });
});

test('data that turned out otherwise than the network needs is a failure, not a plan', () => {
  const result = makePlan(recipe('mnist-logit'), { ...mnist, classes: 26 });
  expect(result).toMatchObject({ ok: false, failures: [{ code: 'badNetwork', at: 'networks.main' }] });
});

test.each([
  { name: 'mnist-logit', allowed: 8, threads: 1 },
  { name: 'mnist-conv', allowed: 8, threads: 8 },
  { name: 'mnist-conv', allowed: 0, threads: 0 },
])('$name with at most $allowed threads computes with $threads', ({ name, allowed, threads }) => {
  expect(planOf(recipe(name), { ...mnist, threads: allowed }).threads).toBe(threads);
});

import { expect, test } from 'vitest';
import type { PlanNode } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import type { ModuleAnswer } from '../../main/engine/addon.ts';

const identity = layer('Identity', {});
const relu = layer('ReLU', {});

function layer(type: string, options: Record<string, number | boolean>, key = 'layer'): PlanNode {
  return { type: 'Layer', path: key, key, layer: type, options, initialise: [], frozen: false };
}

function compute(node: PlanNode, shape: readonly number[], input: readonly number[], threads = 1): ModuleAnswer {
  const question = { shape, input: Float32Array.from(input), training: true, seed: 7, threads };
  return loadAddon().computeModule(JSON.stringify(node), question);
}

function fork(kind: 'cat' | 'add' | 'multiply' | 'matmul' | 'stack', dim = 1): PlanNode {
  return { type: 'Fork', path: 'fork', key: '', branches: [identity, relu], join: { kind, dim } };
}

test('Fork joins its branches, x and relu(x), as torch.cat, +, *, @ and torch.stack do', () => {
  const x = [-1, 2, 3, -4];
  expect([...compute(fork('cat'), [2, 2], x).output]).toEqual([-1, 2, 0, 2, 3, -4, 3, 0]);
  expect(compute(fork('cat', 0), [2, 2], x).shape).toEqual([4, 2]);
  expect([...compute(fork('add'), [2, 2], x).output]).toEqual([-1, 4, 6, -4]);
  expect([...compute(fork('multiply'), [2, 2], x).output]).toEqual([-0, 4, 9, -0]);
  expect([...compute(fork('matmul'), [2, 2], x).output]).toEqual([6, -2, -12, 6]);
  expect(compute(fork('stack'), [2, 2], x).shape).toEqual([2, 2, 2]);
});

test('Fork sends the gradient of every branch back', () => {
  expect([...compute(fork('multiply'), [1, 3], [-1, 2, 3]).inputGradient]).toEqual([0, 4, 6]);
});

test('Residual adds its shortcut, and the identity where there is none; after comes last', () => {
  const residual = { type: 'Residual', path: 'residual', key: '', body: relu, shortcut: null, after: null } as const;
  expect([...compute(residual, [1, 3], [-1, 2, 3]).output]).toEqual([-1, 4, 6]);
  expect([...compute({ ...residual, after: relu }, [1, 3], [-1, 2, 3]).output]).toEqual([0, 4, 6]);
  expect([...compute({ ...residual, shortcut: relu }, [1, 3], [-1, 2, 3]).output]).toEqual([0, 4, 6]);
});

test('a shared Repeat applies one body several times, and its gradient passes through all of them', () => {
  const double: PlanNode = {
    type: 'Residual',
    path: 'repeat.body',
    key: 'body',
    body: identity,
    shortcut: null,
    after: null,
  };
  const answer = compute({ type: 'Repeat', path: 'repeat', key: '', count: 3, body: double }, [1, 2], [1, -2]);
  expect([...answer.output]).toEqual([8, -16]);
  expect([...answer.inputGradient]).toEqual([8, 8]);
});

test('a Transform computes its first sequence in training and its second in evaluation', () => {
  const transform = { type: 'Transform', path: 'transform', key: '', training: relu, evaluation: identity } as const;
  const question = { shape: [1, 2], input: Float32Array.of(-1, 2), seed: 7, threads: 1 };
  const output = (training: boolean) =>
    loadAddon().computeModule(JSON.stringify(transform), { ...question, training }).output;
  expect([...output(true)]).toEqual([0, 2]);
  expect([...output(false)]).toEqual([-1, 2]);
});

/** Backcast relu(x), forecast x. */
const forecasting: PlanNode = {
  ...fork('cat'),
  branches: [relu, identity],
  join: { kind: 'tuple', dim: 1 },
} as PlanNode;

test('NBeats takes the backcasts away one after another and adds the forecasts up', () => {
  const beats: PlanNode = { type: 'NBeats', path: 'beats', key: '', children: [forecasting, forecasting] };
  const answer = compute(beats, [1, 2], [-1, 2]);
  // Forecasts [-1, 2] and, of what relu leaves, [-1, 0].
  expect([...answer.output]).toEqual([-2, 2]);
  expect([...answer.inputGradient]).toEqual([2, 1]);
});

test('NBeats says which block gives what does not fit', () => {
  const beats = (...children: PlanNode[]): PlanNode => ({ type: 'NBeats', path: 'beats', key: '', children });
  expect(() => compute(beats(relu), [1, 2], [-1, 2])).toThrow('beats (NBeats): block 1 gives 1 tensors, not two.');
  const half: PlanNode = { ...forecasting, branches: [layer('GLU', { dim: 1 }), identity] } as PlanNode;
  expect(() => compute(beats(forecasting, half), [1, 2], [-1, 2])).toThrow('block 2 gives a backcast of [1, 1].');
});

test('what libtorch refuses is told with the place in the project', () => {
  const linear = {
    ...layer('Linear', { in_features: 4, out_features: 2, bias: true }, '3'),
    path: 'networks.main.children[3]',
  };
  expect(() => compute(linear, [1, 3], [1, 2, 3])).toThrow(
    expect.objectContaining({ code: 'badNetwork', at: 'networks.main.children[3]' }),
  );
});

const elements = 1_000_000;
const ones = new Array<number>(elements).fill(1);

test.each([0.1, 0.2, 0.5, 0.9])(
  'Dropout of %d: as many zeros as chance has it, the rest scaled, the same in the gradient',
  (p) => {
    const { output, inputGradient } = compute(layer('Dropout', { p }), [1, elements], ones);
    const zeros = output.filter((value) => value === 0).length;
    // Six standard deviations of a binomial: one run in a billion is outside.
    expect(Math.abs(zeros - p * elements)).toBeLessThan(6 * Math.sqrt(elements * p * (1 - p)));
    expect(new Set(output)).toEqual(new Set([0, Math.fround(1 / (1 - p))]));
    expect(inputGradient).toEqual(output);
  },
);

test('Dropout: neighbours, rows and distant elements are independent of each other', () => {
  const { output } = compute(layer('Dropout', { p: 0.5 }), [1, elements], ones);
  for (const distance of [1, 2, 3, 4, 8, 28, 64, 784, 16_384, 65_536]) {
    let both = 0;
    for (let at = distance; at < elements; at++) if (output[at] === 0 && output[at - distance] === 0) both++;
    const pairs = elements - distance;
    // Overlapping pairs: their variance is 5/16 a pair at most.
    expect(Math.abs(both - pairs / 4), `distance ${distance}`).toBeLessThan(6 * Math.sqrt((5 / 16) * pairs));
  }
});

test('Dropout: the same seed gives the same mask with any number of threads, another seed another one', () => {
  const dropout = layer('Dropout', { p: 0.5 });
  const one = compute(dropout, [1000, 1000], ones, 1).output;
  expect(compute(dropout, [1000, 1000], ones, 2).output).toEqual(one);
  const question = { shape: [1000, 1000], input: Float32Array.from(ones), training: true, seed: 8, threads: 1 };
  const other = loadAddon().computeModule(JSON.stringify(dropout), question).output;
  const differing = other.filter((value, at) => value !== one[at]).length;
  expect(Math.abs(differing - elements / 2)).toBeLessThan(6 * Math.sqrt(elements / 4));
});

test('Dropout2d drops whole channels', () => {
  const { output } = compute(layer('Dropout2d', { p: 0.5 }), [50, 20, 4, 4], new Array<number>(16_000).fill(1));
  for (let channel = 0; channel < 1000; channel++) {
    expect(new Set(output.subarray(channel * 16, channel * 16 + 16)).size).toBe(1);
  }
  expect(new Set(output)).toEqual(new Set([0, 2]));
});

test('RReLU: multiples even between its limits, each with its own; the gradient has the same ones', () => {
  const minus = new Array<number>(elements).fill(-1);
  const { output, inputGradient } = compute(layer('RReLU', { lower: 0.25, upper: 0.75 }), [1, elements], minus);
  const multiples = output.map((value) => -value);
  expect(inputGradient).toEqual(multiples);
  expect(Math.min(...bins(multiples, 0.25, 0.75, 10))).toBeGreaterThan(elements / 10 - 6 * Math.sqrt(0.09 * elements));
  expect(new Set(multiples).size).toBeGreaterThan(elements / 2);
});

test('PReLU begins with the multiple it is given', () => {
  const { output } = compute(layer('PReLU', { num_parameters: 2, init: 0.5 }), [1, 2], [-1, 3]);
  expect([...output]).toEqual([-0.5, 3]);
});

test('GRN begins as the identity', () => {
  const values = Array.from({ length: 16 }, (_, index) => index - 7.5);
  const { output } = compute(layer('GRN', { num_channels: 2, eps: 1e-6 }), [2, 2, 2, 2], values);
  expect([...output]).toEqual(values);
});

/** How many values lie in each of `count` equal parts of the range. */
function bins(values: Float32Array, lowest: number, highest: number, count: number): number[] {
  const found = new Array<number>(count).fill(0);
  expect(values.filter((value) => value < lowest || value > highest)).toEqual(new Float32Array());
  for (const value of values) {
    const at = Math.min(count - 1, Math.floor(((value - lowest) / (highest - lowest)) * count));
    found[at] = found[at]! + 1;
  }
  return found;
}

test.each([0.1, 0.5, 0.8])('AlphaDropout of %d keeps zero mean and unit variance of what has them', (p) => {
  // Half at -1, half at 1: mean 0, variance 1.
  const signs = Array.from({ length: elements }, (_, index) => (index % 2 === 0 ? 1 : -1));
  const { output, inputGradient } = compute(layer('AlphaDropout', { p }), [1, elements], signs);
  const mean = output.reduce((sum, value) => sum + value, 0) / elements;
  const variance = output.reduce((sum, value) => sum + (value - mean) ** 2, 0) / elements;
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  // a·x + b where kept, one value where dropped.
  expect(new Set(output).size).toBe(3);
  const scale = 1 / Math.sqrt((1.7580993408473766 ** 2 * p + 1) * (1 - p));
  expect(new Set(inputGradient.map((value) => Math.round((value / scale) * 1e5) / 1e5))).toEqual(new Set([0, 1]));
});

test.each([
  ['Dropout1d', [50, 20, 16]],
  ['Dropout3d', [50, 20, 2, 2, 4]],
  ['FeatureAlphaDropout', [50, 20, 4, 4]],
] as const)('%s drops whole channels', (type, shape) => {
  const { output } = compute(layer(type, { p: 0.5 }), shape, new Array<number>(16_000).fill(1));
  for (let channel = 0; channel < 1000; channel++) {
    expect(new Set(output.subarray(channel * 16, channel * 16 + 16)).size).toBe(1);
  }
  const kept = output.filter((value) => value > 0.5).length / 16;
  expect(Math.abs(kept - 500)).toBeLessThan(6 * Math.sqrt(250));
});

test('DropPath drops whole samples', () => {
  const { output, inputGradient } = compute(
    layer('DropPath', { p: 0.25 }),
    [1000, 4, 4],
    new Array<number>(16_000).fill(1),
  );
  for (let sample = 0; sample < 1000; sample++) {
    expect(new Set(output.subarray(sample * 16, sample * 16 + 16)).size).toBe(1);
  }
  expect(new Set(output)).toEqual(new Set([0, Math.fround(4 / 3)]));
  expect(inputGradient).toEqual(output);
  const dropped = output.filter((value) => value === 0).length / 16;
  expect(Math.abs(dropped - 250)).toBeLessThan(6 * Math.sqrt(1000 * 0.25 * 0.75));
});

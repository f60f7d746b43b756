import { expect, test } from 'vitest';
import type { Initialiser } from '../../core/network/tree.ts';
import type { PlanLayer, PlanNode } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose } from './baseline.ts';

const channels = 16;
const ones: Initialiser = { parameters: 'weight', method: 'ones' };

/** relu(norm(x)) where every channel is x itself: the convolution makes the layout that convolutional networks have. */
const network: PlanNode = {
  ...{ type: 'Sequential', path: 'networks.main', key: '' },
  children: [
    layer('0', 'Conv2d', {
      ...{ in_channels: 1, out_channels: channels, kernel_size: [1, 1], stride: [1, 1], padding: [0, 0] },
      ...{ dilation: [1, 1], groups: 1, bias: false, padding_mode: 'zeros' },
    }),
    layer('1', 'BatchNorm2d', {
      ...{ num_features: channels, eps: 1e-5, momentum: 0.1, affine: true, track_running_stats: true },
    }),
    layer('2', 'ReLU', {}),
  ],
};

test.each([
  { batch: 100, size: 32, threads: 1 },
  { batch: 100, size: 32, threads: 2 },
  { batch: 3, size: 5, threads: 2 },
])('over $batch images of $size × $size, $threads threads: right to float32, forward and back', (of) => {
  const shape = [of.batch, 1, of.size, of.size];
  const input = Float32Array.from({ length: of.batch * of.size ** 2 }, (_, index) => 3 + wave(index));
  const answer = loadAddon().computeModule(JSON.stringify(network), {
    ...{ shape, input, training: true, seed: 1, threads: of.threads },
  });
  const { output, gradient } = compute(input);
  const first = answer.output.subarray(0, of.size ** 2);
  expect(answer.shape).toEqual([of.batch, channels, of.size, of.size]);
  expectClose('output', first, output.subarray(0, of.size ** 2), 2e-6);
  expectClose('gradient', answer.inputGradient, gradient, 2e-6);
});

/** In float64. Every channel is the same; the input's gradient is the sum of theirs. */
function compute(input: Float32Array): { readonly output: Float64Array; readonly gradient: Float64Array } {
  const mean = average(input);
  const deviation = Math.sqrt(average(input.map((x) => (x - mean) ** 2)) + 1e-5);
  const normal = Float64Array.from(input, (x) => (x - mean) / deviation);
  const open = normal.map((value) => (value > 0 ? 1 : 0));
  const openMean = average(open);
  const slope = average(open.map((value, index) => value * (normal[index] ?? NaN)));
  return {
    output: normal.map((value) => Math.max(0, value)),
    gradient: open.map((value, index) => (channels * (value - openMean - (normal[index] ?? NaN) * slope)) / deviation),
  };
}

function average(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Uneven, with long and short periods. */
function wave(index: number): number {
  return Math.sin(index * 0.7) + 0.5 * Math.sin(index * 0.013 + 1);
}

function layer(key: string, type: string, options: PlanLayer['options']): PlanLayer {
  const initialise = type === 'Conv2d' ? [ones] : [];
  return {
    type: 'Layer',
    path: `networks.main.children[${key}]`,
    key,
    layer: type,
    options,
    initialise,
    frozen: false,
  };
}

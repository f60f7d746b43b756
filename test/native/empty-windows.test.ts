import { expect, test } from 'vitest';
import type { PlanLayer } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';

// Windows of a dilated convolution that meet nothing but padding: oneDNN, left to itself, ends the process.

const addon = loadAddon();

interface Sides {
  readonly size: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | 'same';
  readonly dilation: readonly number[];
}

const cases: readonly Sides[] = [
  { size: [10, 1], kernel: [1, 1], stride: [5, 5], padding: [4, 4], dilation: [4, 3] },
  { size: [10, 1], kernel: [3, 1], stride: [5, 5], padding: [4, 4], dilation: [1, 3] },
  { size: [2, 1], kernel: [2, 2], stride: [7, 7], padding: [6, 6], dilation: [2, 2] },
  { size: [1, 1], kernel: [2, 2], stride: [1, 1], padding: 'same', dilation: [4, 4] },
  { size: [1], kernel: [1], stride: [5], padding: [4], dilation: [3] },
  { size: [3, 2, 1], kernel: [1, 2, 1], stride: [4, 4, 4], padding: [4, 4, 4], dilation: [2, 3, 2] },
];

test.each(cases)('%j: each value is the bias or a sum over what is met', ({ size, ...options }) => {
  const [inputs, outputs] = [7, 3];
  const layer: PlanLayer = {
    ...{ type: 'Layer', path: 'networks.main', key: '0', initialise: [], frozen: false },
    layer: `Conv${size.length}d`,
    options: {
      ...{ in_channels: inputs, out_channels: outputs, groups: 1, bias: true, padding_mode: 'zeros' },
      ...{ kernel_size: options.kernel, stride: options.stride, padding: options.padding, dilation: options.dilation },
    },
  };
  const shape = [2, inputs, ...size];
  const ask = (value: number) => {
    const input = new Float32Array(shape.reduce((all, each) => all * each)).fill(value);
    return addon.computeModule(JSON.stringify(layer), { shape, input, training: true, seed: 1, threads: 1 });
  };
  const [none, ones, twos] = [ask(0), ask(1), ask(2)];
  expect(none.shape.length).toBe(shape.length);
  // Of an empty image only the bias is left; twice the image is twice what lies above it.
  expect(new Set(none.output).size).toBe(outputs);
  for (const [at, bias] of none.output.entries()) {
    expect(twos.output[at]! - bias).toBeCloseTo(2 * (ones.output[at]! - bias), 5);
  }
  const met = [...ones.output].filter((value, at) => Math.abs(value - none.output[at]!) > 1e-6).length;
  expect(met).toBeLessThan(none.output.length);
});

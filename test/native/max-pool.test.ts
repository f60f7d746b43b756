import { expect, test } from 'vitest';
import type { PlanLayer, PlanNode } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { filled } from './weights.ts';

// Separate windows over a channels-last batch are the engine's own; a single image, or one channel, is libtorch's.

const channels = 5;

test.each([
  { height: 6, width: 8, kernel: [2, 2], images: 3, threads: 1 },
  { height: 7, width: 9, kernel: [2, 2], images: 2, threads: 2 },
  { height: 8, width: 5, kernel: [3, 2], images: 2, threads: 3 },
  { height: 3, width: 3, kernel: [3, 3], images: 4, threads: 2 },
])('$images images of $height × $width, windows of $kernel: the largest, and its gradient', (of) => {
  const shape = [of.images, channels, of.height, of.width];
  // Few different values: many are equal, and the first of them counts.
  const input = filled(
    0,
    shape.reduce((size, side) => size * side),
    [0, 1, false],
  ).map((value) => Math.round(2 * value) + 0);
  input[4] = Number.NaN;
  const answer = loadAddon().computeModule(JSON.stringify(network(of.kernel)), {
    ...{ shape, input, training: true, seed: 5, threads: of.threads },
  });
  const wanted = pooled(input, shape, of.kernel);
  expect(answer.shape).toEqual([of.images, channels, ...wanted.sides]);
  expect([...answer.output]).toEqual(wanted.output);
  expect([...answer.inputGradient]).toEqual(wanted.gradient);
});

/** Of images one after another, as the definition has it; the gradient of the sum of all outputs. */
function pooled(input: Float32Array, shape: readonly number[], kernel: readonly number[]) {
  const [images, , height, width] = shape as [number, number, number, number];
  const [down, right] = kernel as [number, number];
  const sides = [Math.floor(height / down), Math.floor(width / right)] as const;
  const output: number[] = [];
  const gradient = new Array<number>(input.length).fill(0);
  for (let plane = 0; plane < images * channels; plane++)
    for (let row = 0; row < sides[0]; row++)
      for (let column = 0; column < sides[1]; column++) {
        let best: number | undefined;
        for (let place = 0; place < down * right; place++) {
          const y = row * down + Math.floor(place / right);
          const at = (plane * height + y) * width + column * right + (place % right);
          if (best === undefined || input[at]! > input[best]! || Number.isNaN(input[at])) best = at;
        }
        output.push(input[best!]!);
        gradient[best!]! += 1;
      }
  return { sides, output, gradient };
}

/** After a convolution that hands each channel on as it is, which brings the images into the layout of the kernel. */
function network(kernel: readonly number[]): PlanNode {
  const convolution: PlanLayer['options'] = {
    ...{ in_channels: channels, out_channels: channels, stride: [1, 1], dilation: [1, 1], groups: channels },
    ...{ padding_mode: 'zeros', kernel_size: [1, 1], padding: [0, 0], bias: false },
  };
  const pool = { kernel_size: kernel, stride: null, padding: [0, 0], dilation: [1, 1], ceil_mode: false };
  return {
    ...{ type: 'Sequential', path: 'networks.main', key: '' },
    children: [
      {
        ...layer('0', 'Conv2d', convolution),
        initialise: [{ parameters: 'weight', method: 'dirac', groups: channels, rest: 'zeros' }],
      },
      layer('1', 'MaxPool2d', pool),
    ],
  };
}

function layer(key: string, type: string, options: PlanLayer['options']): PlanLayer {
  return {
    ...{ type: 'Layer', path: `networks.main.children[${key}]`, key, layer: type, initialise: [], frozen: false },
    options,
  };
}

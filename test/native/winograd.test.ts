import { expect, test } from 'vitest';
import type { PlanLayer, PlanNode } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose } from './baseline.ts';
import { filled } from './weights.ts';

const channels = 64;

// A batch of few pixels is left to libtorch's own convolution, one of many goes by tiles: same seed, same weights, so
// each image of the large batch must come out as it does alone.
test.each([
  { height: 16, width: 16, padding: 1, bias: false, batch: 3, threads: 2 },
  { height: 5, width: 7, padding: 1, bias: true, batch: 16, threads: 2 },
  { height: 7, width: 4, padding: 0, bias: true, batch: 20, threads: 1 },
  { height: 6, width: 5, padding: 2, bias: false, batch: 18, threads: 2 },
])('a 3 × 3 convolution of $batch images of $height × $width, padding $padding, as of each alone', (of) => {
  const node = JSON.stringify(convolution(of.padding, of.bias));
  const size = channels * of.height * of.width;
  const input = filled(0, of.batch * size, [0.3, 1, false]);
  const compute = (images: number, values: Float32Array) =>
    loadAddon().computeModule(node, {
      ...{ shape: [images, channels, of.height, of.width], input: values, training: true, seed: 5 },
      threads: of.threads,
    });
  const together = compute(of.batch, input);
  const outputSize = together.output.length / of.batch;
  for (const image of [0, of.batch - 1]) {
    const alone = compute(1, input.slice(image * size, (image + 1) * size));
    const output = together.output.subarray(image * outputSize, (image + 1) * outputSize);
    const gradient = together.inputGradient.subarray(image * size, (image + 1) * size);
    expect(together.shape.slice(1)).toEqual(alone.shape.slice(1));
    expectClose(`output ${image}`, output, alone.output, 2e-6);
    expectClose(`gradient ${image}`, gradient, alone.inputGradient, 2e-6);
  }
});

test('the threads change no bit', () => {
  const shape = [8, channels, 10, 9];
  const input = filled(1, 8 * channels * 90, [0, 1, false]);
  const answers = [1, 2, 3].map((threads) =>
    loadAddon().computeModule(JSON.stringify(convolution(1, true)), {
      ...{ shape, input, training: true, seed: 6, threads },
    }),
  );
  for (const answer of answers.slice(1)) {
    // As bytes: to print how two such arrays differ would take minutes.
    expect(bytesOf(answer.output).equals(bytesOf(answers[0]!.output))).toBe(true);
    expect(bytesOf(answer.inputGradient).equals(bytesOf(answers[0]!.inputGradient))).toBe(true);
  }
});

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * After another: a network's first convolution brings the images into the layout of the tiles. It hands each channel on
 * as it is: libtorch's own sums may depend on the threads, as with the narrow vectors of old processors.
 */
function convolution(padding: number, bias: boolean): PlanNode {
  return {
    ...{ type: 'Sequential', path: 'networks.main', key: '' },
    children: [
      {
        ...layer('0', { kernel_size: [1, 1], padding: [0, 0], bias: false }),
        initialise: [{ parameters: 'weight', method: 'dirac', groups: 1, rest: 'zeros' }],
      },
      layer('1', { kernel_size: [3, 3], padding: [padding, padding], bias }),
    ],
  };
}

function layer(key: string, options: PlanLayer['options']): PlanLayer {
  return {
    ...{ type: 'Layer', path: `networks.main.children[${key}]`, key, layer: 'Conv2d', initialise: [], frozen: false },
    options: {
      ...{ in_channels: channels, out_channels: channels, stride: [1, 1], dilation: [1, 1], groups: 1 },
      padding_mode: 'zeros',
      ...options,
    },
  };
}

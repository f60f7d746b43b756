import { expect, test } from 'vitest';
import type { PlanLayer, PlanNode } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose } from './baseline.ts';

// The engine's own kernels for networks that compute in bfloat16 on the CPU, held against their definitions in float64.

/** Every bfloat16 from -4.5 to 4.5 but the tiniest, which oneDNN takes for 0. */
const numbers = Float32Array.from({ length: 1 << 16 }, (_, bits) => ofBits(bits)).filter(
  (x) => Math.abs(x) <= 4.5 && Math.abs(x) > 1e-30,
);

/** Their derivatives by differences. */
const activations = [
  { type: 'GELU', options: { approximate: 'none' }, value: (x: number) => (x / 2) * (1 + erf(x / Math.SQRT2)) },
  {
    ...{ type: 'GELU', options: { approximate: 'tanh' } },
    value: (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  },
  { type: 'SiLU', options: {}, value: (x: number) => x / (1 + Math.exp(-x)) },
  { type: 'Mish', options: {}, value: (x: number) => x * Math.tanh(Math.log1p(Math.exp(x))) },
] as const;

test.each(activations)('$type $options gives the nearest of every number, and its derivative', (of) => {
  const shape = [1, 2, 1, numbers.length / 2];
  const { output, inputGradient } = compute(shape, numbers, layer('1', of.type, of.options));
  const wanted = numbers.map((x) => nearest(of.value(x)));
  // A value that is almost halfway between two numbers may be rounded to either.
  const others = output.filter((value, at) => value !== wanted[at]).length;
  expect(others).toBeLessThan(numbers.length / 1000);
  expectClose('values', output, wanted, 2 ** -8);
  const slope = (x: number): number => (of.value(x + 1e-4) - of.value(x - 1e-4)) / 2e-4;
  expectClose('derivatives', inputGradient, numbers.map(slope), 2 ** -8);
});

test.each([
  { batch: 20, size: 16, threads: 1 },
  { batch: 3, size: 5, threads: 2 },
])('batch norm over $batch images of $size × $size keeps its statistics in float32', ({ batch, size, threads }) => {
  const channels = 3;
  // A mean that is large beside the deviation, of which bfloat16 would keep little.
  const input = Float32Array.from({ length: batch * channels * size ** 2 }, (_, at) => nearest(8 + Math.sin(at * 0.7)));
  const shape = [batch, channels, size, size];
  const norm = { num_features: channels, eps: 1e-5, momentum: 0.1, affine: true, track_running_stats: true };
  const answer = compute(
    shape,
    input,
    [layer('1', 'BatchNorm2d', norm), layer('2', 'GELU', { approximate: 'none' })],
    threads,
  );
  const one = compute(shape, input, [layer('1', 'BatchNorm2d', norm), layer('2', 'GELU', { approximate: 'none' })], 1);
  expect(answer).toEqual(one);

  const { value } = activations[0];
  const slope = (x: number): number => (value(x + 1e-4) - value(x - 1e-4)) / 2e-4;
  const output = new Float64Array(input.length);
  let error = 0;
  for (let channel = 0; channel < channels; channel++) {
    const places = Array.from(input.keys()).filter((at) => Math.floor(at / size ** 2) % channels === channel);
    const mean = average(places.map((at) => input[at]!));
    const deviation = Math.sqrt(average(places.map((at) => (input[at]! - mean) ** 2)) + 1e-5);
    const normal = places.map((at) => (input[at]! - mean) / deviation);
    const above = normal.map(slope);
    const [aboveMean, product] = [average(above), average(above.map((each, at) => each * normal[at]!))];
    for (const [index, at] of places.entries()) {
      output[at] = value(normal[index]!);
      const gradient = (above[index]! - aboveMean - normal[index]! * product) / deviation;
      // Small beside the three that it is made of.
      error = Math.max(error, deviation * Math.abs(answer.inputGradient[at]! - gradient));
    }
  }
  // A rounding to eight bits changes a number by at most 2 ** -8 of it. There are two on the way to the output, of
  // which the first passes GELU's slope of at most 1.13; and three on the way back.
  expectClose('output', answer.output, output, 2.13 * 2 ** -8);
  expect(error).toBeLessThan(3 * 1.13 * 2 ** -8);
});

/** What the layers make of images, and the gradient of the sum of it. */
function compute(shape: readonly number[], input: Float32Array, layers: PlanNode | readonly PlanNode[], threads = 2) {
  const channels = shape[1]!;
  const handsOn: PlanLayer['options'] = {
    ...{ in_channels: channels, out_channels: channels, stride: [1, 1], dilation: [1, 1], groups: channels },
    ...{ padding_mode: 'zeros', kernel_size: [1, 1], padding: [0, 0], bias: false },
  };
  const convolution: PlanLayer = {
    ...layer('0', 'Conv2d', handsOn),
    initialise: [{ parameters: 'weight', method: 'dirac', groups: channels, rest: 'zeros' }],
  };
  const network: PlanNode = {
    ...{ type: 'Sequential', path: 'networks.main', key: '' },
    children: [convolution, ...[layers].flat()],
  };
  return loadAddon().computeModule(JSON.stringify(network), {
    ...{ shape: [...shape], input, training: true, seed: 1, threads, precision: 'bfloat16' },
  });
}

function layer(key: string, type: string, options: PlanLayer['options']): PlanLayer {
  return {
    ...{ type: 'Layer', path: `networks.main.children[${key}]`, key, layer: type },
    ...{ options, initialise: [], frozen: false },
  };
}

function ofBits(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!;
}

/** The bfloat16 nearest to a number, halves to the even one. */
function nearest(value: number): number {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer);
  return ofBits(((bits! + 0x7fff + ((bits! >>> 16) & 1)) >>> 16) & 0xffff);
}

/** Abramowitz and Stegun 7.1.5, a series, for what lies within 4. */
function erf(x: number): number {
  let [sum, term] = [0, x];
  for (let n = 0; n < 80; n++) {
    sum += term / (2 * n + 1);
    term *= -(x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

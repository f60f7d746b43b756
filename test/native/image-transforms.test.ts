import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { elementCount } from '../../core/catalogue/shape.ts';
import type { PlanLayer } from '../../core/training/plan.ts';
import type { ModuleAnswer } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { baselinesFolder } from './excerpts.ts';

function compute(
  layer: string,
  options: PlanLayer['options'],
  shape: readonly number[],
  input: Float32Array,
  { training = true, seed = 7 } = {},
): ModuleAnswer {
  const node: PlanLayer = { type: 'Layer', path: 'layer', key: '', layer, options, initialise: [], frozen: false };
  return loadAddon().computeModule(JSON.stringify(node), { shape, input, training, seed, threads: 1 });
}

const samples = 1000;
/** Of 5 × 6 pixels, numbered from 1; all samples the same. */
const images = Float32Array.from({ length: samples * 30 }, (_, index) => (index % 30) + 1);
const shape = [samples, 1, 5, 6];

/** How often each text comes. */
function counted(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function each(output: Float32Array): readonly (readonly number[])[] {
  const size = output.length / samples;
  return Array.from({ length: samples }, (_, sample) => [...output.subarray(sample * size, (sample + 1) * size)]);
}

/** Each count within six standard deviations of what an even draw gives. */
function expectEven(counts: ReadonlyMap<string, number>, places: number): void {
  expect(counts.size).toBe(places);
  const p = 1 / places;
  for (const count of counts.values()) {
    expect(Math.abs(count - samples * p)).toBeLessThan(6 * Math.sqrt(samples * p * (1 - p)));
  }
}

const crop = { size: [3, 4], padding: [1, 1, 0, 0], mode: 'constant', value: -1 };

test('RandomCrop cuts windows out of the padded image, each place as often; their gradients go where they came from', () => {
  const { output, inputGradient } = compute('RandomCrop', crop, shape, images);
  const windows = each(output);
  // Rows 0 to 2, columns -1 to 3.
  expectEven(counted(windows.map((window) => window.join())), 3 * 5);
  for (const window of windows) {
    const row = Math.floor((window[1]! - 1) / 6);
    const column = ((window[1]! - 1) % 6) - 1;
    const pixel = (y: number, x: number) => (x < 0 || x > 5 ? -1 : y * 6 + x + 1);
    expect(window).toEqual(Array.from({ length: 12 }, (_, at) => pixel(row + Math.floor(at / 4), column + (at % 4))));
  }
  const seen = each(output).map((window) => new Set(window));
  each(inputGradient).forEach((gradient, sample) => {
    expect(gradient).toEqual(Array.from({ length: 30 }, (_, at) => (seen[sample]!.has(at + 1) ? 1 : 0)));
  });
});

test('RandomCrop takes the middle of the image in evaluation, whatever the padding', () => {
  const { output } = compute('RandomCrop', crop, shape, images, { training: false });
  expect(counted(each(output).map((window) => window.join()))).toEqual(
    new Map([[[8, 9, 10, 11, 14, 15, 16, 17, 20, 21, 22, 23].join(), samples]]),
  );
});

test('the same seed draws the same, another seed something else', () => {
  const one = compute('RandomCrop', crop, shape, images).output;
  expect(compute('RandomCrop', crop, shape, images).output).toEqual(one);
  expect(compute('RandomCrop', crop, shape, images, { seed: 8 }).output).not.toEqual(one);
});

test.each([
  [-1, (at: number) => at - (at % 6) + 5 - (at % 6)],
  [-2, (at: number) => (4 - Math.floor(at / 6)) * 6 + (at % 6)],
] as const)('RandomFlip along %d mirrors that share of the samples, in evaluation none', (dim, mirrored) => {
  const { output } = compute('RandomFlip', { p: 0.3, dim }, shape, images);
  const kept = Array.from({ length: 30 }, (_, at) => at + 1);
  const counts = counted(each(output).map((image) => image.join()));
  const flipped = counts.get(kept.map((_, at) => mirrored(at) + 1).join())!;
  expect(flipped + counts.get(kept.join())!).toBe(samples);
  expect(Math.abs(flipped - 0.3 * samples)).toBeLessThan(6 * Math.sqrt(0.21 * samples));
  expect(compute('RandomFlip', { p: 0.3, dim }, shape, images, { training: false }).output).toEqual(images);
});

test('Cutout sets a square around a random pixel to zero in all channels, and nothing in evaluation', () => {
  const both = [samples / 2, 2, 5, 6];
  const { output } = compute('Cutout', { size: 3 }, both, images);
  const size = 30;
  const holes: string[] = [];
  for (let sample = 0; sample < samples / 2; sample++) {
    const start = sample * 2 * size;
    const zeros = (from: number) => [...output.subarray(from, from + size)].flatMap((v, at) => (v === 0 ? [at] : []));
    expect(zeros(start + size)).toEqual(zeros(start));
    const rows = new Set(zeros(start).map((at) => Math.floor(at / 6)));
    const columns = new Set(zeros(start).map((at) => at % 6));
    expect(zeros(start)).toHaveLength(rows.size * columns.size);
    holes.push(`${[...rows].join()} ${[...columns].join()}`);
  }
  // One square for each pixel in the middle of it.
  expect(counted(holes).size).toBe(30);
  expect(compute('Cutout', { size: 3 }, both, images, { training: false }).output).toEqual(images);
});

interface Fractional {
  readonly cases: readonly (readonly [
    kernel: readonly number[],
    size: readonly number[],
    shape: readonly number[],
    output: readonly number[],
    gradient: readonly number[],
  ])[];
}

const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'fractional.json'), 'utf8')) as Fractional;

test.each(cases)('fractional pooling of %j to %j: windows where PyTorch draws them, in evaluation too', (...given) => {
  const [kernel, size, input, output, gradient] = given;
  const count = elementCount(input);
  const x = Float32Array.from({ length: count }, (_, index) => Math.sin(index));
  const options = { kernel_size: kernel, output_size: size, output_ratio: null };
  for (const training of [true, false]) {
    const answer = compute(`FractionalMaxPool${kernel.length}d`, options, input, x, { training });
    expect(answer.shape).toEqual([...input.slice(0, 2), ...size]);
    answer.output.forEach((value, at) => expect(value).toBeCloseTo(output[at]!, 5));
    expect([...answer.inputGradient]).toEqual(gradient);
  }
});

import { expect, test } from 'vitest';
import type { PlanLayer } from '../../core/training/plan.ts';
import type { ModuleAnswer } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';

const table = {
  num_embeddings: 10,
  embedding_dim: 1000,
  padding_idx: null,
  max_norm: null,
  norm_type: 2,
  scale_grad_by_freq: false,
};

function compute(
  layer: string,
  options: PlanLayer['options'],
  shape: readonly number[],
  input: number[],
): ModuleAnswer {
  const path = 'networks.main.children[3]';
  const node: PlanLayer = { type: 'Layer', path, key: '3', layer, options, initialise: [], frozen: false };
  const question = { shape, input: Float32Array.from(input), training: true, seed: 7, threads: 1 };
  return loadAddon().computeModule(JSON.stringify(node), question);
}

test('a table begins as N(0, 1), a row that only fills up with zeros; the same number gets the same row', () => {
  const { output } = compute('Embedding', { ...table, padding_idx: -1 }, [1, 4], [3, 9, 0, 3]);
  const row = (at: number) => [...output.subarray(at * 1000, at * 1000 + 1000)];
  expect(row(3)).toEqual(row(0));
  expect(new Set(row(1))).toEqual(new Set([0]));
  const mean = row(2).reduce((sum, value) => sum + value, 0) / 1000;
  const variance = row(2).reduce((sum, value) => sum + value * value, 0) / 1000 - mean ** 2;
  // Six standard deviations of each.
  expect(Math.abs(mean)).toBeLessThan(6 / Math.sqrt(1000));
  expect(Math.abs(variance - 1)).toBeLessThan(6 * Math.sqrt(2 / 1000));
});

test('places begin with zeros: they change nothing before they are trained', () => {
  const { output } = compute('EmbedPosition', { rows: 5, cols: 2, added: true }, [1, 2, 2], [1, 2, 3, 4]);
  expect([...output]).toEqual([1, 2, 3, 4]);
});

test('OneHot has a one at the place of each number, and no gradient', () => {
  const { shape, output, inputGradient } = compute('OneHot', { num_classes: 3 }, [1, 2], [2, 0]);
  expect(shape).toEqual([1, 2, 3]);
  expect([...output]).toEqual([0, 0, 1, 1, 0, 0]);
  expect([...inputGradient]).toEqual([0, 0]);
});

test.each([
  ['Embedding', table],
  ['EmbeddingBag', { ...table, mode: 'mean' }],
  ['EmbedSequence', { rows: 10, cols: 4, length: 8 }],
  ['OneHot', { num_classes: 10 }],
] as const)('%s refuses what is no row, with the place in the project', (layer, options) => {
  const refusal = (message: RegExp): unknown =>
    expect.objectContaining({
      code: 'badNetwork',
      at: 'networks.main.children[3]',
      message: expect.stringMatching(message) as string,
    });
  expect(() => compute(layer, options, [1, 2], [3, 10])).toThrow(refusal(/whole numbers from 0 to 9, gets 10/));
  expect(() => compute(layer, options, [1, 2], [-1, 2])).toThrow(refusal(/whole numbers from 0 to 9, gets -1/));
  expect(() => compute(layer, options, [1, 2], [1.5, 2])).toThrow(refusal(/gets some that are not/));
  expect(() => compute(layer, options, [1, 2], [NaN, 2])).toThrow(refusal(/gets some that are not/));
});

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Initialiser, NetworkNode } from '../../core/network/tree.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { readSafetensors } from './safetensors.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();

/** A weight as rows: further dimensions count as columns, as torch.nn.init takes them. */
type Matrix = readonly (readonly number[])[];

const linear = (out: number): NetworkNode => ({ type: 'Linear', options: { out_features: out, bias: false } });
const convolution = (out: number): NetworkNode => ({
  type: 'Conv2d',
  options: { out_channels: out, kernel_size: 3, bias: false },
});

/** The layer's weight, filled by the rule. */
async function filled(rule: Omit<Initialiser, 'parameters'>, layer: NetworkNode): Promise<Matrix> {
  const initialise: readonly Initialiser[] = [{ parameters: 'weight', ...rule }];
  // A linear layer needs vectors; a convolution the image.
  const before = layer.type === 'Linear' ? [{ type: 'Flatten' }] : [];
  const children = [...before, { ...layer, initialise, name: 'filled' }];
  const split = await writeExcerpt('mnist', 10, folder());
  const plan = planOn(
    {
      format: 'torchwright-project',
      version: 1,
      name: 'filled',
      networks: { main: { type: 'Sequential', children: [...children, { type: 'Flatten' }, linear(10)] } },
      data: { source: 'mnist', normalise: { kind: 'affine', scale: 1 / 255, offset: 0 } },
      recipe: {
        kind: 'supervised',
        loss: { type: 'CrossEntropy' },
        optimizer: { type: 'SGD' },
        schedule: { type: 'Constant', rate: 1 },
        batchSize: 10,
        epochs: 1,
      },
    },
    { source: 'mnist', split },
    { seed: 3, shuffle: true },
  );
  const session = await addon.createSession(JSON.stringify(plan));
  const file = path.join(folder(), 'filled.safetensors');
  await session.saveWeights(file);
  await session.close();
  const { shape, data } = (await readSafetensors(file)).get('filled.weight')!;
  const columns = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) =>
    Array.from(data.slice(row * columns, (row + 1) * columns) as Float32Array),
  );
}

function transposed(matrix: Matrix): Matrix {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}

function expectOrthogonalRows(matrix: Matrix, length: number): void {
  for (const [index, row] of matrix.entries()) {
    for (const [other, column] of matrix.entries()) {
      const product = row.reduce((sum, value, at) => sum + value * column[at]!, 0);
      expect(product).toBeCloseTo(index === other ? length * length : 0, 4);
    }
  }
}

function momentsOf(matrix: Matrix): {
  readonly mean: number;
  readonly std: number;
  readonly values: readonly number[];
} {
  const values = matrix.flat();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, std: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length), values };
}

test('orthogonal: the rows of a wide weight, the columns of a tall one, as long as the gain', async () => {
  expectOrthogonalRows(await filled({ method: 'orthogonal' }, linear(20)), 1);
  expectOrthogonalRows(await filled({ method: 'orthogonal', gain: 3 }, convolution(6)), 3);
  expectOrthogonalRows(transposed(await filled({ method: 'orthogonal' }, convolution(24))), 1);
});

test('xavier: a gain multiplies the spread, that of a nonlinearity as one that is given', async () => {
  const widest = (matrix: Matrix) => matrix.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Glorot and Bengio's bound; 15,680 draws come close to it.
  const bound = Math.sqrt(6 / (784 + 20));
  const plain = widest(await filled({ method: 'xavier_uniform' }, linear(20)));
  const given = widest(await filled({ method: 'xavier_uniform', gain: 3 }, linear(20)));
  const relu = widest(await filled({ method: 'xavier_uniform', nonlinearity: 'relu' }, linear(20)));
  expect(plain).toBeLessThanOrEqual(bound * (1 + 1e-6));
  expect(plain).toBeGreaterThan(bound * 0.99);
  expect(given / plain).toBeCloseTo(3, 5);
  expect(relu / plain).toBeCloseTo(Math.SQRT2, 5);
});

test('eye: a matrix that changes nothing, cut off where it is not square', async () => {
  const weight = await filled({ method: 'eye' }, linear(12));
  expect(weight).toEqual(weight.map((row, index) => row.map((_, column) => (column === index ? 1 : 0))));
});

test('dirac: a convolution that hands on its channels, in each of its groups', async () => {
  // One channel, kernel 3 × 3: the middle is element 4. Outputs beyond the inputs stay zero.
  const weight = await filled({ method: 'dirac' }, convolution(3));
  const kernel = [0, 0, 0, 0, 1, 0, 0, 0, 0];
  expect(weight).toEqual([kernel, kernel.map(() => 0), kernel.map(() => 0)]);
  const grouped = await filled({ method: 'dirac', groups: 3 }, convolution(3));
  expect(grouped).toEqual([kernel, kernel, kernel]);
  // Further outputs as PyTorch begins a convolution: uniform within 1 / √9.
  const [first, ...rest] = await filled({ method: 'dirac', rest: 'default' }, convolution(200));
  expect(first).toEqual(kernel);
  const { std, values } = momentsOf(rest);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1 / 3);
  expect(std).toBeCloseTo(1 / 3 / Math.sqrt(3), 2);
});

test('sparse: the same number of zeros for every input, the rest normal', async () => {
  const weight = await filled({ method: 'sparse', sparsity: 0.75, std: 0.5 }, linear(200));
  for (const column of transposed(weight)) expect(column.filter((value) => value === 0)).toHaveLength(150);
  const { mean, std } = momentsOf([weight.flat().filter((value) => value !== 0)]);
  expect(mean).toBeCloseTo(0, 1);
  expect(std).toBeCloseTo(0.5, 1);
});

test('uniform: between its bounds, evenly', async () => {
  const { mean, std, values } = momentsOf(await filled({ method: 'uniform', a: -1, b: 3 }, linear(100)));
  expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(3);
  expect(mean).toBeCloseTo(1, 1);
  expect(std).toBeCloseTo(4 / Math.sqrt(12), 1);
});

test('trunc_normal: normal between its bounds, of the deviation that is left', async () => {
  const weight = await filled({ method: 'trunc_normal', std: 2, a: -2, b: 2 }, linear(100));
  const { mean, std, values } = momentsOf(weight);
  expect(Math.max(...values.slice(0, 50_000).map(Math.abs))).toBeLessThanOrEqual(2);
  expect(mean).toBeCloseTo(0, 1);
  // Cut off one deviation from the mean: variance 1 - 2 φ(1) / (2 Φ(1) - 1) = .2911 of the whole.
  expect(std).toBeCloseTo(2 * Math.sqrt(0.2911), 1);
});

describe('whiten', () => {
  const patch = 4;
  const whitening: NetworkNode = { type: 'Conv2d', options: { out_channels: 2 * patch, kernel_size: 2, bias: false } };

  /** E[x xᵀ] over all patches of the first images, by its definition. */
  async function secondMoments(images: number): Promise<Matrix> {
    const split = await writeExcerpt('mnist', images, folder());
    if (split.format !== 'idx') throw new Error('MNIST comes as IDX');
    const pixels = (await readFile(split.images)).subarray(16);
    const sums = Array.from({ length: patch }, () => new Array<number>(patch).fill(0));
    for (let image = 0; image < images; ++image) {
      for (let y = 0; y < 27; ++y) {
        for (let x = 0; x < 27; ++x) {
          const at = image * 784 + y * 28 + x;
          const values = [at, at + 1, at + 28, at + 29].map((index) => pixels[index]! / 255);
          for (const [row, a] of values.entries())
            for (const [column, b] of values.entries()) sums[row]![column]! += a * b;
        }
      }
    }
    return sums.map((row) => row.map((sum) => sum / (images * 27 * 27)));
  }

  const times = (a: Matrix, b: Matrix): Matrix =>
    a.map((row) => transposed(b).map((column) => row.reduce((sum, value, at) => sum + value * column[at]!, 0)));

  test('filters along which patches have a second moment of v / (v + eps), v falling; then their negatives', async () => {
    const eps = 0.01;
    const weight = await filled({ method: 'whiten', samples: 7, eps }, whitening);
    const [filters, negatives] = [weight.slice(0, patch), weight.slice(patch)];
    expect(negatives).toEqual(filters.map((row) => row.map((value) => -value)));
    const outputs = times(times(filters, await secondMoments(7)), transposed(filters));
    // A filter is a unit vector over √(v + eps).
    const moments = filters.map((row) => 1 / row.reduce((sum, value) => sum + value * value, 0) - eps);
    for (const [row, values] of outputs.entries())
      for (const [column, value] of values.entries())
        expect(value).toBeCloseTo(row === column ? moments[row]! / (moments[row]! + eps) : 0, 5);
    expect(moments).toEqual(moments.toSorted((a, b) => b - a));
    expect(moments.at(-1)).toBeGreaterThan(0);
  });

  test('takes all images where there are fewer than it asks for', async () => {
    const all = await filled({ method: 'whiten' }, whitening);
    expect(await filled({ method: 'whiten', samples: 10 }, whitening)).toEqual(all);
    expect(await filled({ method: 'whiten', samples: 9 }, whitening)).not.toEqual(all);
  });

  test('is refused for another number of outputs, and where a layer does not get the images', async () => {
    await expect(filled({ method: 'whiten' }, convolution(6))).rejects.toThrow(/twice as many outputs/);
    await expect(filled({ method: 'whiten' }, linear(3))).rejects.toThrow(/receive the images themselves/);
  });
});

test('a rule that does not suit a weight is refused at the layer', async () => {
  await expect(filled({ method: 'eye' }, convolution(3))).rejects.toThrow(
    /eye fills matrices, and filled.weight of the Conv2d/,
  );
  await expect(filled({ method: 'dirac' }, linear(3))).rejects.toThrow(/dirac fills weights of convolutions/);
  await expect(filled({ method: 'dirac', groups: 2 }, convolution(3))).rejects.toThrow(/its groups divide/);
});

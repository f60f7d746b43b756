import { describe, expect, test } from 'vitest';
import { findLayerType } from '../../../../core/catalogue/catalogue.ts';
import { noExpressions, readOptions } from '../../../../core/catalogue/read-options.ts';
import type { Flow } from '../../../../core/catalogue/shape.ts';
import { writtenValue } from '../../../../core/editing/options.ts';
import type { Options } from '../../../../core/network/tree.ts';

const volumes = findLayerType('Conv3d')!;
const written = { out_channels: 4, kernel_size: 3 };

describe('sizes of one, two or three dimensions', () => {
  test('one number stands for all', () => {
    const options = readOptions(volumes, { ...written, stride: [1, 2, 1] }, [[2, 5, 5, 5]], noExpressions);
    expect(options).toMatchObject({ kernel_size: [3, 3, 3], stride: [1, 2, 1], padding: [0, 0, 0], in_channels: 2 });
  });

  test('a stride that is not written is the window', () => {
    const options = readOptions(findLayerType('MaxPool1d')!, { kernel_size: 3 }, [[2, 9]], noExpressions);
    expect(options['stride']).toEqual([3]);
  });

  test.each([{ kernel_size: [3, 3] }, { padding: [1, 1] }, { dilation: [] }])('%j is too few', (sizes) => {
    expect(() => readOptions(volumes, { ...written, ...sizes }, [[2, 5, 5, 5]], noExpressions)).toThrow(
      expect.objectContaining({ name: 'Refusal', option: Object.keys(sizes)[0] }),
    );
  });

  test('equal sizes are written as one, those of the default not at all; sizes of a shape stay a list', () => {
    const { kernel_size, stride, padding } = volumes.options;
    expect(writtenValue(kernel_size, [3, 3, 3])).toBe(3);
    expect(writtenValue(kernel_size, [3, 3, 1])).toEqual([3, 3, 1]);
    expect(writtenValue(stride, [1, 1, 1])).toBeUndefined();
    expect(writtenValue(padding, 0)).toBeUndefined();
    expect(writtenValue(findLayerType('LayerNorm')!.options['normalized_shape'], [4, 4])).toEqual([4, 4]);
  });
});

describe('what follows from several inputs', () => {
  const attention = findLayerType('MultiheadAttention')!;
  const sizes = (options: Options, ...flow: Flow) => {
    const { embed_dim, kdim, vdim } = readOptions(attention, { num_heads: 2, ...options }, flow, noExpressions);
    return [embed_dim, kdim, vdim];
  };

  test('of those that pass by nothing does', () => {
    expect(sizes({}, [5, 8], [3, 6])).toEqual([8, 8, 8]);
    expect(sizes({ inputs: 2 }, [5, 8], [3, 6], [3, 4])).toEqual([8, 6, 6]);
    expect(sizes({ inputs: 3 }, [5, 8], [3, 6], [3, 4])).toEqual([8, 6, 4]);
  });

  test('more than a layer can take are refused', () => {
    expect(() => sizes({ inputs: 4 }, [5, 8])).toThrow('needs at most 3 as inputs, not 4');
  });
});

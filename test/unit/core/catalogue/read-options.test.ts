import { describe, expect, test } from 'vitest';
import { findLayerType } from '../../../../core/catalogue/catalogue.ts';
import { noExpressions, readOptions } from '../../../../core/catalogue/read-options.ts';
import { writtenValue } from '../../../../core/editing/options.ts';

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

import { expect, it } from 'vitest';
import { sampleShape } from '../../../renderer/app/format.ts';

it('a sample is of a shape, or of so many features', () => {
  expect([[3, 32, 32], [1], [2], [1000], []].map(sampleShape)).toEqual([
    ...['3 × 32 × 32', '1 feature', '2 features', '1,000 features', ''],
  ]);
});

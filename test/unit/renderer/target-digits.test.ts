import { describe, expect, it } from 'vitest';
import { decimalsOf, decimalsOfPredictions } from '../../../renderer/features/evaluate/target-digits.ts';

describe('digits of a target', () => {
  it.each([
    [[6.573999, -3.039001, 8.249002, 26], 15, 3],
    [[24, 31, 7], 10, 0],
    [[123_456.5, 99_000.25], 40_000, 1],
    [[0.000125, 0.0002], 0.0001, 6],
    [[Math.PI, Math.E], 1, 5],
  ])('%j with a deviation of %d: %d', (values, deviation, decimals) => {
    expect(decimalsOf(Float64Array.from(values), deviation)).toBe(decimals);
  });

  it('a prediction of whole numbers has those that it needs', () => {
    expect(decimalsOfPredictions(0, 10)).toBe(2);
    expect(decimalsOfPredictions(3, 10)).toBe(3);
    expect(decimalsOfPredictions(0, 40_000)).toBe(0);
  });
});

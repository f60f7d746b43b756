import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Numbering } from '../../../../main/datasets/import/numbering.ts';

function numberingOf(values: readonly number[]): Numbering {
  const numbering = new Numbering();
  for (const value of values) numbering.add(value);
  return numbering;
}

const some = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });

it('is of consecutive numbers, each once, in any order, and of no others', () => {
  fc.assert(
    fc.property(some, (values) => {
      const sorted = values.toSorted((one, other) => one - other);
      const isConsecutive = sorted.every((value, index) => value === sorted[0]! + index);
      expect(numberingOf(values).isOf(values.length)).toBe(isConsecutive);
    }),
  );
  expect(numberingOf([3, 1, 2]).isOf(4)).toBe(false);
  expect(numberingOf([1, 2, 2.5, 4]).isOf(4)).toBe(false);
});

it('is not of numbers too large to be counted, however few', () => {
  for (const large of [1e17, 2 ** 53, Number.MAX_VALUE]) expect(numberingOf([large]).isOf(1)).toBe(false);
  expect(numberingOf([2 ** 53, 2 ** 53 + 2, 2 ** 53 + 2]).isOf(3)).toBe(false);
});

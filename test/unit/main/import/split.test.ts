import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseTest } from '../../../../main/datasets/import/choose-test.ts';
import { readCell, shownSign } from '../../../../main/datasets/import/cell.ts';
import { rolesOf } from '../../../../main/datasets/import/array-names.ts';
import { Statistics } from '../../../../main/datasets/import/statistics.ts';

it('every class gives its share for testing and keeps some for training', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 200 });
  const fraction = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(labels, fraction, fc.nat(), (list, testFraction, seed) => {
      const isTest = chooseTest(list.length, Int32Array.from(list), { testFraction, seed });
      expect(chooseTest(list.length, Int32Array.from(list), { testFraction, seed })).toEqual(isTest);
      for (const label of new Set(list)) {
        const members = [...isTest.keys()].filter((sample) => list[sample] === label);
        const chosen = members.filter((sample) => isTest[sample] === 1).length;
        if (members.length === 1) expect(chosen).toBe(0);
        else {
          expect(Math.abs(chosen - members.length * testFraction)).toBeLessThanOrEqual(1);
          expect(chosen).toBeGreaterThan(0);
          expect(chosen).toBeLessThan(members.length);
        }
      }
    }),
  );
});

it('another seed makes another choice', () => {
  const split = (seed: number) => chooseTest(1000, null, { testFraction: 0.5, seed });
  expect(split(1)).not.toEqual(split(2));
});

it('a cell is a number where a program would write it so', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      // Written as text, a zero has lost its sign.
      const text = String(value);
      expect(readCell(text)).toEqual({ kind: 'number', value: Math.fround(Number(text)) });
    }),
  );
  for (const text of ['0x10', '1,5', 'Infinity', '1e99', '12 cm', '1e', '.']) expect(readCell(text).kind).toBe('text');
  for (const text of ['', 'NA', 'nan', 'NULL', '?']) expect(readCell(text).kind).toBe('empty');
});

it('a number written with either decimal sign and any mark between thousands is that number', () => {
  const hundredths = fc.integer({ min: -999_999_999, max: 999_999_999 });
  const writing = fc.constantFrom(['.', ','], ['.', "'"], ['.', ' '], [',', '.'], [',', '’'], [',', '\u202f']);
  fc.assert(
    fc.property(hundredths, writing, (value, [decimal, mark]) => {
      const text = (value / 100).toLocaleString('en', { minimumFractionDigits: 2 });
      const written = text.replace(/[.,]/g, (sign) => (sign === '.' ? decimal : mark));
      expect(readCell(written, decimal)).toEqual({
        kind: 'number',
        value: Number(text.replaceAll(',', '')),
      });
      expect(shownSign(written)).toEqual({ decimal, isCertain: true });
    }),
  );
  for (const decimal of ['.', ','] as const)
    expect(readCell('0.125', decimal)).toEqual({ kind: 'number', value: 0.125 });
  for (const text of ['0,125', '01 234', '1 23', "1'234 567", '1.23.456', '1,2,3']) {
    expect(readCell(text).kind).toBe('text');
  }
  for (const text of ['1.561', '1,561', '-1.561']) expect(shownSign(text)?.isCertain).toBe(false);
  for (const text of ['1561', '1 561', 'v1.561', '01.12.2024', '.', '1.2.3']) expect(shownSign(text)).toBeNull();
});

it('arrays are known by their usual names', () => {
  expect(rolesOf(['y_test', 'x_test', 'y_train', 'x_train'])).toEqual({
    train: { inputs: 'x_train', targets: 'y_train' },
    test: { inputs: 'x_test', targets: 'y_test' },
    leftOut: [],
  });
  expect(rolesOf(['Labels', 'images'])).toEqual({
    train: { inputs: 'images', targets: 'Labels' },
    test: null,
    leftOut: [],
  });
  expect(rolesOf(['weights', 'x'])).toBeNull();
});

it('a small deviation of large values is not lost', () => {
  const statistics = new Statistics([2]);
  for (const value of [1e7, 1e7 + 1, 1e7 + 2, 1e7 + 3]) statistics.add(Float32Array.of(value, 5));
  const { mean, std } = statistics.result(1);
  expect(mean).toEqual([1e7 + 1.5, 5]);
  expect(std[0]).toBeCloseTo(Math.sqrt(1.25), 12);
  expect(std[1]).toBe(0);
});

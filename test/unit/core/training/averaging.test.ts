import { expect, test } from 'vitest';
import { hasAverage, lookAheadSharesOf, planAveraging } from '../../../../core/training/averaging.ts';

const span = { epochs: 3, stepsPerEpoch: 4 };

function shares(ramp?: number): readonly number[] {
  const averaging = { kind: 'lookahead', every: 5, decay: 0.5, ...(ramp === undefined ? {} : { ramp }) } as const;
  return [0, 1, 2].flatMap((epoch) => [...lookAheadSharesOf(averaging, epoch, span)!]);
}

test('looks ahead after every so many steps of the whole training', () => {
  expect(shares()).toEqual([0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 0]);
});

test('the decay rises with the power of what is done of the training', () => {
  expect(shares(3)[4]).toBeCloseTo(1 - 0.5 * (5 / 12) ** 3, 12);
  expect(shares(3)[9]).toBeCloseTo(1 - 0.5 * (10 / 12) ** 3, 12);
});

test('other averages do not look ahead', () => {
  expect(lookAheadSharesOf({ kind: 'ema', decay: 0.9 }, 0, span)).toBeNull();
  expect(lookAheadSharesOf(null, 0, span)).toBeNull();
});

test('slow weights are there from the first epoch on, and take statistics along unless it says otherwise', () => {
  const averaging = { kind: 'lookahead', every: 5, decay: 0.5 } as const;
  expect([0, 1].map((done) => hasAverage(averaging, done))).toEqual([false, true]);
  expect(hasAverage(null, 1)).toBe(false);
  expect(planAveraging(averaging)).toEqual({ kind: 'lookahead', norms: 'averaged' });
});

import { expect, test } from 'vitest';
import { paceOf } from '../../../renderer/ui/chart/growth-pace.ts';

test.each([
  { cost: 0, pace: 250 },
  { cost: 10, pace: 1_000 },
  { cost: 50, pace: 5_000 },
  { cost: 3_000, pace: 10_000 },
])('what takes $cost ms to draw is drawn every $pace ms while it grows', ({ cost, pace }) => {
  expect(paceOf(cost)).toBe(pace);
});

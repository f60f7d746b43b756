import { expect, it } from 'vitest';
import { padSizeOf } from '../../../renderer/features/evaluate/draw/pad-size.ts';

it('the pad is as wide for its height as what is drawn for', () => {
  expect(padSizeOf({ width: 28, height: 28 })).toEqual({ width: 280, height: 280 });
  expect(padSizeOf({ width: 32, height: 8 })).toEqual({ width: 280, height: 70 });
  expect(padSizeOf({ width: 16, height: 64 })).toEqual({ width: 70, height: 280 });
});

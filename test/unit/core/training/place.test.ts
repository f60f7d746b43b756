import { expect, it } from 'vitest';
import { positionText } from '../../../../core/training/place.ts';

it('names a place by the epochs behind it, and within one by its own number and step', () => {
  expect(positionText({ epoch: 3, step: 0 })).toBe('epoch 3');
  expect(positionText({ epoch: 3, step: 1200 })).toBe('epoch 4, step 1,200');
});

import { expect, it } from 'vitest';
import { problemOfMore } from '../../../renderer/features/train/more-epochs.ts';

it.each(['', 2.5, 3, 0, -1])('gives a reason why a run of 3 epochs is not trained to %s', (epochs) => {
  expect(problemOfMore(epochs, 3, false)).toMatchObject({ isOfNumber: true });
});

it('has none where it can be trained further', () => {
  expect(problemOfMore(4, 3, false)).toBeNull();
  expect(problemOfMore(4, 3, true)).toMatchObject({ isOfNumber: false });
});

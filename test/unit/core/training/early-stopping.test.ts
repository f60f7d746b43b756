import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EarlyStopping } from '../../../../core/project/project.ts';
import { bestEpoch, isPatienceOver } from '../../../../core/training/early-stopping.ts';

const epochsOf = (losses: readonly number[]) =>
  losses.map((loss, index) => ({ epoch: index + 1, test: { loss, accuracy: 1 - loss / 10 } }));

/** Epochs trained until patience ends, or all of them. */
function trained(losses: readonly number[], settings: EarlyStopping): number {
  const epochs = epochsOf(losses);
  const end = epochs.findIndex((_, index) => isPatienceOver(epochs.slice(0, index + 1), settings));
  return end < 0 ? losses.length : end + 1;
}

it.each(['testLoss', 'testAccuracy'] as const)('stops after so many epochs without an improvement: %s', (metric) => {
  expect(trained([5, 4, 3, 3.5, 3.2, 2], { metric, patience: 3 })).toBe(6);
  expect(trained([5, 4, 3, 3.5, 3.2, 2], { metric, patience: 2 })).toBe(5);
  expect(trained([5, 4, 3, 3, 3], { metric, patience: 1 })).toBe(4);
});

it('takes a smaller change for none', () => {
  const losses = [5, 4.9, 4.8, 4.7, 4.6];
  expect(trained(losses, { metric: 'testLoss', patience: 2 })).toBe(5);
  expect(trained(losses, { metric: 'testLoss', patience: 2, minimumChange: 0.25 })).toBe(3);
  // Slow progress adds up: it is measured against the last epoch that counted.
  expect(trained(losses, { metric: 'testLoss', patience: 3, minimumChange: 0.25 })).toBe(5);
});

it('a resumed run, which sees its history at once, stops where an uninterrupted one does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 3 }),
      (losses, patience, minimumChange) => {
        const settings = { metric: 'testLoss', patience, minimumChange } as const;
        const end = trained(losses, settings);
        const epochs = epochsOf(losses.slice(0, end));
        const best = bestEpoch(epochs, settings)!;
        // None of the patience's epochs is better by enough, and the best is that of its own time.
        const since = epochs.slice(best.epoch);
        expect(since.length).toBeLessThanOrEqual(patience);
        expect(end < losses.length ? since.length : patience).toBe(patience);
        for (const { test } of since) expect(best.test.loss - test.loss).toBeLessThan(Math.max(minimumChange, 1));
      },
    ),
  );
});

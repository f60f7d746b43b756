import { expect, it } from 'vitest';
import { standardSweep, sweepRates, withSuggestion } from '../../../../core/training/rate-finder.ts';

it('rates rise by the same factor from the lowest to the highest', () => {
  const rates = sweepRates({ ...standardSweep, lowest: 1e-4, highest: 10, steps: 6 });
  expect([...rates].map((rate) => Number(rate.toPrecision(9)))).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
});

it('suggests the rate at which the loss is halfway down its fall', () => {
  const rates = sweepRates(standardSweep);
  // A slope around .01, steepest there: 1 / (1 + e^x) in the logarithm.
  const smoothed = rates.map((rate) => 1 / (1 + Math.exp(3 * Math.log(rate / 0.01))));
  const { suggestion } = withSuggestion(rates, { losses: smoothed, smoothed, state: 'finished' });
  expect(suggestion).toBeGreaterThan(0.008);
  expect(suggestion).toBeLessThan(0.0125);
});

it('suggests nothing where the loss never falls, or too few steps were taken', () => {
  const rates = sweepRates(standardSweep);
  const rising = rates.map((_, step) => step);
  expect(withSuggestion(rates, { losses: rising, smoothed: rising, state: 'finished' }).suggestion).toBeNull();
  const few = Float64Array.of(3, 2, 1);
  const found = withSuggestion(rates, { losses: few, smoothed: few, state: 'diverged' });
  expect(found.suggestion).toBeNull();
  expect(found.rates).toHaveLength(3);
});

it.each([1, 2, 3, 4, 5, 6, 7, 8])('is not led astray by the noise of small batches: %i', (seed) => {
  const rates = sweepRates(standardSweep);
  const random = lehmer(seed);
  // The sum of twelve has variance 1: about as the losses of 16 samples of a standardised target are spread.
  const noise = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
  const losses = rates.map((rate) => 1.25 - 0.6 / (1 + (0.03 / rate) ** 2) + Math.max(0, rate - 1) + 0.4 * noise());
  const { suggestion } = withSuggestion(rates, { losses, smoothed: losses, state: 'finished' });
  expect(suggestion).toBeGreaterThan(0.001);
  expect(suggestion).toBeLessThan(0.3);
});

/** Numbers of 0 to 1, the same from the same seed (Park and Miller 1988). */
function lehmer(seed: number): () => number {
  let state = seed * 7919;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

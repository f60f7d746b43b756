import { expect, it } from 'vitest';
import { standardSweep, sweepRates, withSuggestion } from '../../../../core/training/rate-finder.ts';

it('rates rise by the same factor from the lowest to the highest', () => {
  const rates = sweepRates({ ...standardSweep, lowest: 1e-4, highest: 10, steps: 6 });
  expect([...rates].map((rate) => Number(rate.toPrecision(9)))).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
});

it('suggests the rate where the smoothed loss falls fastest, by the logarithm', () => {
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

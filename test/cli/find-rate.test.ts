import { expect, it } from 'vitest';
import { lastWeights, run, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome();

interface RateFound {
  readonly state: string;
  readonly suggestion: number | null;
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  readonly smoothed: readonly number[];
}

const quickly = ['--threads', '1', '--seed', '1'];

it('finds a rate for a recipe, and leaves no run behind', async () => {
  const ended = await run('find-rate', 'mnist-logit', '--to', '100', ...quickly, '--json');
  expect(ended.stderr).toBe('');
  const found = JSON.parse(ended.stdout) as RateFound;
  expect(found.rates[0]).toBeCloseTo(1e-7, 12);
  expect(found.losses).toHaveLength(found.rates.length);
  expect(found.state).not.toBe('interrupted');
  // The recipe trains with .04; at 1e-4 nothing moves, at 10 it leaps.
  expect(found.suggestion).toBeGreaterThan(1e-3);
  expect(found.suggestion).toBeLessThan(10);
  expect((await run('runs', '--json')).stdout).toBe('');

  const told = await run('find-rate', 'mnist-logit', '--steps', '50', ...quickly);
  expect(told.stdout).toMatch(/^\d+ of 50 steps: /m);
  expect(told.stdout).toMatch(/near [\d.e-]+\./);
});

it('goes on from a run, which is not touched', async () => {
  const trained = await trainToEnd('train', 'mnist-logit', '--epochs', '1', ...quickly);
  const before = await lastWeights(trained.run);
  const found = JSON.parse((await run('find-rate', '--run', trained.run, '--json')).stdout) as RateFound;
  // Trained weights, not fresh ones: fresh ones begin near log(10).
  expect(found.losses[0]).toBeLessThan(1);
  expect(await lastWeights(trained.run)).toEqual(before);
});

it('what cannot be swept is said', async () => {
  const upside = await run('find-rate', 'mnist-logit', '--from', '1', '--to', '0.1');
  expect(upside.code).toBe(2);
  expect(upside.stderr).toMatch(/--to 0\.1 .*--from 1/);
  expect((await run('find-rate')).stderr).toMatch(/--run/);
});

import { expect, it } from 'vitest';
import type { ModuleTimes, PassTimes } from '../../core/training/step-profile.ts';
import { run, useTemporaryHome } from './command.ts';

useTemporaryHome();

const few = ['--steps', '3', '--threads', '1', '--set', 'recipe.batchSize=20'];

interface Told extends Partial<ModuleTimes> {
  readonly event: string;
  readonly seconds?: number;
}

it('prints each module under its container, and the rest of the step; they add up to the step', async () => {
  const ended = await run('profile', 'mnist-conv', ...few, '--explain');
  expect(ended.stderr).toBe('');
  const lines = ended.stdout.split('\n');
  expect(lines[1]).toMatch(/^Network +[\d.,]+ +[\d.,]+ +[\d.]+ % +[\d.]+ MB +[\d.]+ [kM]B$/);
  expect(lines.filter((line) => /^ {2}Conv2d \d/.test(line)).length).toBeGreaterThan(1);
  for (const part of ['Batch gathering', 'Loss', 'Optimizer', 'Metrics', 'Other'])
    expect(ended.stdout).toMatch(new RegExp(`^  ${part} +[\\d.,]+ +[\\d.,]+ +[\\d.]+ %`, 'm'));
  expect(ended.stdout).toMatch(/^Step +[\d.,]+ +[\d.,]+ +100\.0 %$/m);
  expect(ended.stdout).toMatch(/3 steps of each/);
  expect(ended.stdout).toMatch(/^Threads +1 +\S/m);
  expect(ended.stdout).toMatch(/^Kernels of the engine +.*parallel dropout in 3 of 13 layers/m);
  expect((await run('runs', '--json')).stdout).toBe('');
});

it('as JSON: of two networks both', async () => {
  const ended = await run('profile', 'mnist-gan', ...few, '--json');
  const told = ended.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
  const modules = told.filter(({ event }) => event === 'moduleProfiled');
  const networks = modules.filter(({ depth }) => depth === 0);
  expect(networks.map(({ address, name }) => [address, name])).toEqual([
    ['networks.main', 'Generator'],
    ['networks.discriminator', 'Discriminator'],
  ]);
  const parts = told.filter(({ event }) => event === 'partProfiled');
  const sum = ([...networks, ...parts] as PassTimes[]).reduce(
    (total, { forward, backward }) => total + forward + backward,
    0,
  );
  expect(sum / told.at(-1)!.seconds!).toBeCloseTo(1, 2);
});

it('a network that cannot work is refused with its module', async () => {
  const ended = await run('profile', 'mnist-conv', '--set', 'networks.main.children[0].options.kernel_size=99');
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/Conv2d/);
});

import { expect, it } from 'vitest';
import type { EpochFinished, StepTaken } from '../../../core/training/events.ts';
import { epochSize } from '../../../renderer/features/train/running-mean.ts';
import { adversarialSeries } from '../../../renderer/features/train/run-series.ts';
import { StepPoints } from '../../../renderer/features/train/step-points.ts';

const size = epochSize(40, null, null);

/** Of an epoch of 40 steps, with means of the epoch so far. */
function stepped(epoch: number, step: number): StepTaken {
  const train = { loss: 1, generatorLoss: 2 };
  const figures = { train, learningRate: 0.001, imagesPerSecond: 100, secondsLeft: null };
  return { event: 'step', run: 'run', epoch, epochs: 2, step, steps: 40, ...figures };
}

const epoch: EpochFinished = {
  event: 'epochFinished',
  run: 'run',
  epoch: 1,
  epochs: 2,
  train: { loss: 7, generatorLoss: 9 },
  test: { loss: 3, generatorLoss: 4 },
  seconds: 1,
  learningRate: 0.001,
  imagesPerSecond: 100,
};

it('losses of two networks are drawn while the first epoch runs', () => {
  const points = new StepPoints();
  for (const step of [1, 10, 20, 30]) points.add(stepped(1, step));
  const [discriminator, generator] = adversarialSeries(points, [], size, 0).filter(({ points: all }) => all.length > 0);
  expect(discriminator!.points.map(({ y }) => y)).toEqual([1, 1, 1, 1]);
  expect(generator!.points.map(({ y }) => y)).toEqual([2, 2, 2, 2]);
  expect(discriminator!.colour).not.toBe(generator!.colour);
});

it('medians of whole epochs are dots beside them, and no part of their means', () => {
  const points = new StepPoints();
  for (const step of [10, 40]) points.add(stepped(1, step));
  const series = adversarialSeries(points, [epoch], size, 0);
  const lines = series.filter(({ label }) => label.includes('mean of'));
  expect(lines.map(({ points: all }) => all.at(-1)!.y)).toEqual([1, 2]);
  const dots = series.filter(({ isDotsOnly }) => isDotsOnly === true);
  expect(dots.map(({ points: all }) => all)).toEqual([[{ x: 1, y: 7 }], [{ x: 1, y: 9 }]]);
  expect(series.slice(-2).map(({ points: all }) => all)).toEqual([[{ x: 1, y: 3 }], [{ x: 1, y: 4 }]]);
});

it('epochs of runs without such steps are joined', () => {
  const series = adversarialSeries(null, [epoch], size, 0);
  expect(series.map(({ label }) => label)).toEqual([
    'discriminator',
    'generator',
    'discriminator, test images',
    'generator, test images',
  ]);
  expect(series.every(({ isDotsOnly }) => isDotsOnly !== true)).toBe(true);
});

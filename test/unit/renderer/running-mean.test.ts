import { describe, expect, it } from 'vitest';
import { epochSize, runningMean } from '../../../renderer/features/train/running-mean.ts';

/** Losses of single batches that fall without a break, and what the engine reports of them: means of the epoch so far. */
function reported(steps: number, epochs: number, every: number, lastBatch = 1) {
  const loss = (step: number) => 2 / (1 + step / steps);
  const means = [];
  const epochMeans = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    let [sum, weights] = [0, 0];
    for (let step = 1; step <= steps; step++) {
      const weight = step === steps ? lastBatch : 1;
      sum += weight * loss(epoch * steps + step);
      weights += weight;
      const point = { x: epoch + step / steps, y: sum / weights };
      if (step % every === 0 || step === steps) means.push(point);
      if (step === steps) epochMeans.push(point);
    }
  }
  return { loss, means, epochMeans };
}

function meanOf(loss: (step: number) => number, from: number, to: number): number {
  let sum = 0;
  for (let step = from + 1; step <= to; step++) sum += loss(step);
  return sum / (to - from);
}

describe('the running mean of a training', () => {
  it('is that of the last steps, without a cliff where an epoch ends', () => {
    const { loss, means, epochMeans } = reported(200, 3, 10);
    const { points, steps } = runningMean(means, epochMeans, epochSize(200, 12_800, 64));
    expect(steps).toBe(10);
    for (const { x, y } of points) {
      const step = Math.round(x * 200);
      expect(y).toBeCloseTo(meanOf(loss, step - 10, step), 6);
    }
    for (const [index, { y }] of points.slice(1).entries()) expect(y).toBeLessThan(points[index]!.y);
  });

  it('counts a last batch that is not full as what it is', () => {
    const { loss, means, epochMeans } = reported(10, 2, 1, 0.25);
    const { points } = runningMean(means, epochMeans, epochSize(10, 9.25 * 64, 64));
    expect(points.at(-1)!.y).toBeCloseTo((10 * meanOf(loss, 10, 19) * 0.9 + 0.25 * loss(20)) / 9.25, 6);
  });

  it('averages over the reports where they are far apart, and says over how many steps', () => {
    const { loss, means, epochMeans } = reported(300, 2, 100);
    const { points, steps } = runningMean(means, epochMeans, epochSize(300, null, null));
    expect(steps).toBe(100);
    expect(points.map(({ x }) => Math.round(x * 3))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(points[3]!.y).toBeCloseTo(meanOf(loss, 300, 400), 6);
  });

  it('draws what there is: one report an epoch, none of some epochs, none at all', () => {
    const { means, epochMeans } = reported(4, 3, 4);
    expect(runningMean(means, epochMeans, epochSize(4, 16, 4)).points.map(({ y }) => y)).toEqual(
      epochMeans.map(({ y }) => expect.closeTo(y, 6) as number),
    );
    const onlyLast = runningMean([{ x: 2.5, y: 0.3 }], epochMeans.slice(0, 1), epochSize(4, 16, 4));
    expect(onlyLast.points.at(-1)!.y).toBeCloseTo(0.3, 1);
    expect(onlyLast.points.every(({ y }) => Number.isFinite(y))).toBe(true);
    expect(runningMean([], [], epochSize(null, null, null)).points).toEqual([]);
  });
});

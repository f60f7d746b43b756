import { describe, expect, it } from 'vitest';
import type { AdversarialRecipe, Recipe, SupervisedRecipe } from '../../../core/project/project.ts';
import { ratesOfEpoch } from '../../../core/schedule/rates.ts';
import { small } from '../../small-generator.ts';
import { sampledSchedule } from '../../../renderer/features/train/sampled-schedule.ts';

function recipe(schedule: Recipe['schedule'], batchSize: number, epochs: number): Recipe {
  return { kind: 'supervised', loss: { type: 'NLL' }, optimizer: { type: 'SGD' }, schedule, batchSize, epochs };
}

describe('the drawn schedule', () => {
  it('has the rates of the training, at their epochs', () => {
    const schedule = { type: 'Cosine', rate: 0.08, per: 'epoch' } as const;
    const points = sampledSchedule(schedule, recipe(schedule, 1000, 50), 60_000);
    for (const { x, y } of points.slice(0, -1)) {
      const rates = ratesOfEpoch(schedule, Math.floor(x), { epochs: 50, stepsPerEpoch: 60 });
      expect(y).toBe(rates[0]);
    }
    expect(points.at(-1)!.x).toBe(50);
  });

  it('shows where averaging holds the rate', () => {
    const falling = recipe({ type: 'Cosine', rate: 0.01 }, 1000, 50);
    const held = { ...(falling as SupervisedRecipe), averaging: { kind: 'swa', fromEpoch: 31 } } as const;
    const last = (of: Recipe): number => sampledSchedule(of.schedule, of, 60_000).at(-1)!.y;
    const turn = sampledSchedule(falling.schedule, falling, 60_000).find(({ x }) => x >= 31)!.y;
    expect(last(held)).toBe(turn);
    expect(last({ ...held, averaging: { ...held.averaging, holdRate: false } })).toBe(last(falling));
  });

  it('counts the steps without an incomplete batch', () => {
    const schedule = { type: 'Constant', rate: 1, warmup: { steps: 4 } } as const;
    const four = recipe(schedule, 1000, 2) as SupervisedRecipe;
    const end = (of: Recipe): number => sampledSchedule(schedule, of, 4500).find(({ y }) => y === 1)!.x;
    expect(end({ ...four, dropLast: true })).toBe(1);
    expect(end(four)).toBe(4 / 5);
  });

  it('counts the iterations of an adversarial training', () => {
    const warmup = { steps: 20 };
    const schedule = { type: 'Constant', rate: 1, warmup } as const;
    const iterations = { ...small.recipe, schedule, batchSize: 50, epochs: 4, iterations: 10 } as AdversarialRecipe;
    expect(sampledSchedule(schedule, iterations, 60_000).find(({ y }) => y === 1)!.x).toBe(2);
  });

  it('stays small and keeps the warm-up in its place where a training has millions of steps', () => {
    const schedule = { type: 'Constant', rate: 1, warmup: { steps: 100_000 } } as const;
    const points = sampledSchedule(schedule, recipe(schedule, 5, 100), 50_000);
    expect(points.length).toBeLessThan(1300);
    // 100,000 steps are 10 epochs of 10,000.
    expect(points.find(({ y }) => y === 1)!.x).toBeCloseTo(10, 0);
  });

  it('is drawn at once for any number of epochs that can be typed', () => {
    const schedule = { type: 'Cosine', rate: 1 } as const;
    for (const epochs of [1e9, Number.MAX_SAFE_INTEGER]) {
      const points = sampledSchedule(schedule, recipe(schedule, 100, epochs), 60_000);
      expect(points.length).toBeLessThan(1300);
      expect(points[0]!.y).toBe(1);
      expect(points.find(({ x }) => x >= epochs / 2)!.y).toBeCloseTo(0.5, 2);
    }
  });
});

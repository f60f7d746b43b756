import { expect, test } from 'vitest';
import type { Schedule } from '../../../../core/project/project.ts';
import { newRates } from '../../../../core/training/new-rates.ts';

const span = { epochs: 2, stepsPerEpoch: 10, past: [] };
const end = { epoch: 2, step: 0 };

const goOn: readonly Schedule[] = [
  { type: 'Constant', rate: 0.1 },
  { type: 'Constant', rate: 0.1, warmup: { epochs: 1 } },
  { type: 'List', rates: [0.1, 0.05, 0.01] },
  { type: 'Step', rate: 0.1, gamma: 0.5, every: 1 },
  { type: 'MultiStep', rate: 0.1, gamma: 0.5, milestones: [1, 3] },
  { type: 'Exponential', rate: 0.1, gamma: 0.9 },
  { type: 'CosineCycles', rate: 0.1, length: 1, multiplier: 2 },
  { type: 'ReduceOnPlateau', rate: 0.1, patience: 1, factor: 0.5 },
];

test.each(goOn)('$type goes on as if the run had been longer from the beginning', (schedule) => {
  expect(newRates(schedule, end, span, { epochs: 5 })).toBeNull();
});

test.each<Schedule>([
  { type: 'Cosine', rate: 0.1 },
  { type: 'Linear', rate: 0.1, end: 0 },
  { type: 'OneCycle', rate: 0.1 },
])('$type is computed anew, and its rate leaps', (schedule) => {
  const found = newRates(schedule, end, span, { epochs: 5 });
  expect(found!.after).toBeGreaterThan(found!.before);
});

test('a linear schedule in mid-epoch: the last step’s rate, and the next step’s', () => {
  // 10 of 20 steps are 1 − .5 along; of 40 steps, step 13 is 13/40 along.
  const schedule = { type: 'Linear', rate: 1, end: 0 } as const;
  const found = newRates(schedule, { epoch: 1, step: 3 }, span, { epochs: 4 });
  expect(found!.before).toBeCloseTo(1 - 12 / 20, 12);
  expect(found!.after).toBeCloseTo(1 - 13 / 40, 12);
});

test('a run that has taken no step may have any length', () => {
  expect(newRates({ type: 'Cosine', rate: 0.1 }, { epoch: 0, step: 0 }, span, { epochs: 5 })).toBeNull();
});

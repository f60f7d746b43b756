import { expect, test } from 'vitest';
import type { Schedule } from '../../../../core/project/project.ts';
import { ratesOfEpoch } from '../../../../core/schedule/rates.ts';
import { groupRatesOfEpoch } from '../../../../core/training/group-rates.ts';

const span = { epochs: 4, stepsPerEpoch: 2 };
const schedule: Schedule = { type: 'Linear', rate: 8, end: 0 };

function ratesIn(epoch: number, settings: { readonly untilEpoch?: number; readonly wholeSchedule?: true }) {
  const common = { parameters: ['0.bias'], weightDecay: 0 };
  const groups = [
    { ...common, learningRateFactor: 1 },
    { ...common, learningRateFactor: 0.5, ...settings },
  ];
  return groupRatesOfEpoch({ groups }, schedule, epoch, span);
}

test('a group without an end follows the optimizer', () => {
  expect(ratesIn(3, {})).toEqual([]);
});

test('a group follows the optimizer until its end, then it is not trained', () => {
  expect(ratesIn(1, { untilEpoch: 2 })).toEqual([]);
  expect(ratesIn(2, { untilEpoch: 2 })).toEqual([{ group: 1, rates: new Float64Array() }]);
  expect(ratesIn(0, { untilEpoch: 0 })).toEqual([{ group: 1, rates: new Float64Array() }]);
});

test('a whole schedule runs over the epochs of the group, times its factor', () => {
  const settings = { untilEpoch: 2, wholeSchedule: true } as const;
  // Eight to nothing in four steps, halved; the whole training takes eight steps.
  expect(ratesIn(0, settings)).toEqual([{ group: 1, rates: Float64Array.of(4, 3) }]);
  expect(ratesIn(1, settings)).toEqual([{ group: 1, rates: Float64Array.of(2, 1) }]);
  expect([...ratesOfEpoch(schedule, 0, span)]).toEqual([8, 7]);
});

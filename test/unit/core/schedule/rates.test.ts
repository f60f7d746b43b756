import { expect, test, describe } from 'vitest';
import type { Schedule } from '../../../../core/project/project.ts';
import { ratesOfEpoch, scheduleRates } from '../../../../core/schedule/rates.ts';
import baselines from '../../../baselines/schedules.json' with { type: 'json' };

describe('PyTorch steps through the same rates', () => {
  test.each(baselines.cases)('$name', ({ schedule, epochs, stepsPerEpoch, rates }) => {
    const ours = scheduleRates(schedule as Schedule, { epochs, stepsPerEpoch });
    expect(ours).toHaveLength(rates.length);
    for (const [step, rate] of rates.entries()) {
      expect(Math.abs(ours[step]! - rate), `step ${step}: ${ours[step]} for ${rate}`).toBeLessThanOrEqual(1e-12 * rate);
    }
  });
});

describe('down on a plateau', () => {
  const figure = (value: number) => ({ train: { loss: -1 }, test: { loss: value, accuracy: value } });

  test.each(baselines.plateaus)('$name: the rates that PyTorch steps to', ({ schedule, figures, rates }) => {
    const past = figures.map(figure);
    const ours = scheduleRates(schedule as Schedule, { epochs: figures.length, stepsPerEpoch: 2, past });
    expect(ours.filter((_, step) => step % 2 === 0)).toEqual(Float64Array.from(rates));
  });

  test('before it is trained the rate stays; later epochs are not looked at', () => {
    const schedule = { type: 'ReduceOnPlateau', rate: 0.1, patience: 0 } as const;
    const past = [3, 2, 2, 2, 2].map(figure);
    const span = { epochs: 5, stepsPerEpoch: 1 };
    expect([...scheduleRates(schedule, span)]).toEqual(new Array(5).fill(0.1));
    for (const [epoch, rate] of scheduleRates(schedule, { ...span, past }).entries()) {
      expect([...ratesOfEpoch(schedule, epoch, { ...span, past: past.slice(0, epoch) })]).toEqual([rate]);
    }
  });

  test('a phase looks at its own epochs only', () => {
    const shape = { type: 'ReduceOnPlateau', rate: 0.1, patience: 0 } as const;
    const phases = [2, 3].map((epochs) => ({ epochs, shape }));
    const past = [1, 1, 9, 9, 9].map(figure);
    const rates = scheduleRates({ type: 'Phases', phases }, { epochs: 5, stepsPerEpoch: 1, past });
    const alone = scheduleRates(shape, { epochs: 3, stepsPerEpoch: 1, past: past.slice(2) });
    expect(rates.slice(2)).toEqual(alone);
  });
});
test.each(baselines.cases)('held, $name stays at the first rate of an epoch', ({ schedule, epochs, stepsPerEpoch }) => {
  const free = scheduleRates(schedule as Schedule, { epochs, stepsPerEpoch });
  const heldFrom = Math.ceil(epochs / 2);
  const held = scheduleRates(schedule as Schedule, { epochs, stepsPerEpoch, heldFrom });
  const first = heldFrom * stepsPerEpoch;
  expect(held.slice(0, first)).toEqual(free.slice(0, first));
  expect(held.slice(first)).toEqual(new Float64Array(free.length - first).fill(free[first]!));
});

describe('phases', () => {
  const schedule: Schedule = {
    type: 'Phases',
    phases: [
      { epochs: 2, shape: { type: 'Constant', rate: 0.1 } },
      { epochs: 3, shape: { type: 'CosineCycles', rate: 0.2, length: 1 } },
    ],
  };
  const span = { epochs: 5, stepsPerEpoch: 10 };

  test('come one after another, each over its own epochs', () => {
    expect([...ratesOfEpoch(schedule, 1, span)]).toEqual(new Array(10).fill(0.1));
    const cycle = scheduleRates({ type: 'Cosine', rate: 0.2, per: 'step' }, { epochs: 1, stepsPerEpoch: 10 });
    expect(ratesOfEpoch(schedule, 2, span)).toEqual(cycle);
    expect(ratesOfEpoch(schedule, 4, span)).toEqual(ratesOfEpoch(schedule, 2, span));
  });

  test('leave their last rate to epochs after them', () => {
    const last = ratesOfEpoch(schedule, 4, span).at(-1);
    expect([...ratesOfEpoch(schedule, 7, { ...span, epochs: 9 })]).toEqual(new Array(10).fill(last));
  });
});

test('warm-up lengths in epochs, steps and as a fraction mean the same', () => {
  const span = { epochs: 10, stepsPerEpoch: 6 };
  const [epochs, steps, fraction] = [{ epochs: 2 }, { steps: 12 }, { fraction: 0.2 }].map((warmup) =>
    scheduleRates({ type: 'Constant', rate: 1, warmup }, span),
  );
  expect(steps).toEqual(epochs);
  expect(fraction).toEqual(epochs);
  expect(steps![6]).toBeCloseTo(0.5, 12);
  expect(steps![12]).toBe(1);
});

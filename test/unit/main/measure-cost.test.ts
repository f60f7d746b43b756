import { expect, it } from 'vitest';
import type { Addon } from '../../../main/engine/addon.ts';
import type { MeasureCostJob } from '../../../main/engine/messages.ts';
import { measureCost } from '../../../main/training/measure-cost.ts';

/** An engine whose epochs have two steps, of 1 and of 3 seconds by its own count; `evaluations` counts the calls. */
function engine(): { readonly addon: Addon; evaluations: number } {
  let step = 0;
  const counts = { evaluations: 0 };
  const session = {
    describe: () => ({ stepsPerEpoch: 2, testSamples: 8, deviceName: 'a processor' }),
    train: () => {
      step = (step % 2) + 1;
      return Promise.resolve(step === 1 ? { state: 'paused', seconds: 1 } : { state: 'finished', seconds: 4 });
    },
    evaluate: () => {
      counts.evaluations += 1;
      return Promise.resolve({ samples: 8, interrupted: false });
    },
    interrupt: () => undefined,
    close: () => Promise.resolve(),
  };
  const addon = { devices: () => [], createSession: () => Promise.resolve(session) } as unknown as Addon;
  return Object.assign(counts, { addon });
}

const job = {
  ...{ kind: 'measureCost', plan: { device: 'cpu' }, device: 'cpu', schedule: { type: 'Constant', rate: 1 } },
  epochs: 1,
} as unknown as MeasureCostJob;

it('counts steps as the engine does, and evaluates a small test set again, as its first time is slow', async () => {
  const engineOfTwo = engine();
  const { stepSeconds, evaluatedSamples } = await measureCost(job, engineOfTwo.addon, new AbortController().signal);
  expect(new Set(stepSeconds)).toEqual(new Set([1, 3]));
  expect(evaluatedSamples).toBe(8);
  expect(engineOfTwo.evaluations).toBeGreaterThan(1);
});

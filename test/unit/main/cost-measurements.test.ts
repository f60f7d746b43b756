import { expect, it } from 'vitest';
import { FailureError } from '../../../core/failure.ts';
import type { MeasuredCost } from '../../../core/training/cost.ts';
import type { EnginePort } from '../../../main/engine/engine-host.ts';
import type { FromEngine } from '../../../main/engine/messages.ts';
import { CostMeasurements } from '../../../main/workbench/cost-measurements.ts';
import { smallDigits } from '../../small-digits.ts';

const cost: MeasuredCost = {
  ...{ stepSeconds: Float64Array.of(0.1), stepsPerEpoch: 600, testSamples: 10_000, evaluatedSamples: 100 },
  ...{ evaluationSeconds: 0.1, memoryBytes: 3e8, deviceName: 'a processor' },
};

/** An engine that answers with `answer`, or waits for its end where there is none. */
function engine(answer: MeasuredCost | null): EnginePort {
  let listen: (message: FromEngine) => void = () => undefined;
  let exit: (signal: string | null) => void = () => undefined;
  return {
    pid: Promise.resolve(1),
    post: ({ type }) => {
      if (type === 'job' && answer !== null) queueMicrotask(() => listen({ type: 'result', result: answer }));
      if (type === 'end') exit(null);
    },
    onMessage: (listener) => (listen = listener),
    onExit: (listener) => (exit = (signal) => listener({ code: 0, signal, complaint: '' })),
    kill: () => exit('SIGKILL'),
  };
}

const asked = { projectText: JSON.stringify(smallDigits), device: 'cpu' };

it('a measurement is remembered for all projects whose steps cost the same', async () => {
  const costs = new CostMeasurements(() => engine(cost));
  expect(await costs.measure({ ...asked, isNew: false })).toBeNull();
  expect(await costs.measure({ ...asked, isNew: true })).toEqual(cost);
  const longer = { ...smallDigits, name: 'other', recipe: { ...smallDigits.recipe, epochs: 70 } };
  expect(await costs.measure({ projectText: JSON.stringify(longer), device: 'cpu', isNew: false })).toEqual(cost);
  const wider = { ...smallDigits, recipe: { ...smallDigits.recipe, batchSize: 7 } };
  expect(await costs.measure({ projectText: JSON.stringify(wider), device: 'cpu', isNew: false })).toBeNull();
  expect(await costs.measure({ ...asked, device: 'cuda:0', isNew: false })).toBeNull();
});

it('a training ends a measurement at once, which is told as cancelled', async () => {
  const costs = new CostMeasurements(() => engine(null));
  const measuring = costs.measure({ ...asked, isNew: true }).catch((error: unknown) => error);
  costs.cancel();
  const error = await measuring;
  expect(error).toBeInstanceOf(FailureError);
  expect((error as FailureError).failure.code).toBe('cancelled');
});

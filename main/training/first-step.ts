import { elementCount } from '../../core/catalogue/shape.ts';
import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import { fail } from '../failures.ts';
import type { Addon } from '../engine/addon.ts';
import type { FirstStep, FirstStepJob } from '../engine/messages.ts';

/** In the engine process: one step from fresh weights. */
export async function takeFirstStep(job: FirstStepJob, addon: Addon): Promise<FirstStep> {
  const session = await addon.createSession(JSON.stringify(job.plan));
  try {
    const { parameters, stepsPerEpoch } = session.describe();
    const learningRates = ratesOfEpoch(job.schedule, 0, { epochs: job.epochs, stepsPerEpoch });
    const { state, batchLosses, generatorLosses } = await session.train({ learningRates, maxSteps: 1 });
    if (state === 'diverged') fail('diverged', 'The loss of the first step was not finite.');
    return {
      parameters: parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0),
      loss: batchLosses[0]!,
      generatorLoss: generatorLosses?.[0] ?? null,
    };
  } finally {
    await session.close();
  }
}

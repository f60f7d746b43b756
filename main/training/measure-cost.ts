import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import type { MeasuredCost } from '../../core/training/cost.ts';
import type { Addon, EngineSession } from '../engine/addon.ts';
import type { MeasureCostJob } from '../engine/messages.ts';

/** Steps that are not counted: memory is taken and code is made ready in them. */
const warmUp = 2;
const most = { steps: 60, seconds: 3, evaluationSeconds: 1 };

/** In the engine process: some steps of the very training and a part of its evaluation. Nothing of it is kept. */
export async function measureCost(job: MeasureCostJob, addon: Addon, stop: AbortSignal): Promise<MeasuredCost> {
  const freeBefore = freeMemory(addon, job.plan.device);
  const session = await addon.createSession(JSON.stringify(job.plan));
  const interrupt = (): void => session.interrupt();
  stop.addEventListener('abort', interrupt);
  try {
    const { stepsPerEpoch, testSamples, deviceName } = session.describe();
    const learningRates = ratesOfEpoch(job.schedule, 0, { epochs: job.epochs, stepsPerEpoch });
    const stepSeconds: number[] = [];
    const began = performance.now();
    for (let step = 0; step < warmUp + most.steps && !stop.aborted; step++) {
      const before = performance.now();
      const { state } = await session.train({ learningRates, maxSteps: 1 });
      if (state === 'interrupted' || state === 'diverged') break;
      if (step >= warmUp) stepSeconds.push((performance.now() - before) / 1000);
      if (step > warmUp && performance.now() - began > most.seconds * 1000) break;
    }
    const evaluated = stop.aborted ? { samples: 0, seconds: 0 } : await evaluatePart(session);
    return {
      stepSeconds: Float64Array.from(stepSeconds),
      stepsPerEpoch,
      testSamples,
      evaluatedSamples: evaluated.samples,
      evaluationSeconds: evaluated.seconds,
      memoryBytes:
        job.plan.device === 'cpu' ? peakMemory() : Math.max(0, freeBefore - freeMemory(addon, job.plan.device)),
      deviceName,
    };
  } finally {
    stop.removeEventListener('abort', interrupt);
    await session.close();
  }
}

async function evaluatePart(session: EngineSession): Promise<{ readonly samples: number; readonly seconds: number }> {
  const began = performance.now();
  const timer = setTimeout(() => session.interrupt(), most.evaluationSeconds * 1000);
  const { samples } = await session.evaluate('test');
  clearTimeout(timer);
  return { samples, seconds: (performance.now() - began) / 1000 };
}

/** Of this process, which has done nothing else. */
function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function freeMemory(addon: Addon, device: string): number {
  return addon.devices().find(({ id }) => id === device)?.freeMemory ?? 0;
}

import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import type { MeasuredCost } from '../../core/training/cost.ts';
import { median } from '../../core/training/median.ts';
import type { Addon, EngineSession } from '../engine/addon.ts';
import type { MeasureCostJob } from '../engine/messages.ts';

/** Steps that are not counted: memory is taken and code is made ready in them. */
const warmUp = 2;
const most = { steps: 60, seconds: 3, evaluationSeconds: 1, evaluations: 10 };

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
    // As the engine counts them, of the epoch so far: to ask for each step by itself takes longer than a small one.
    let before = 0;
    for (let step = 0; step < warmUp + most.steps && !stop.aborted; step++) {
      const { state, seconds: ofEpoch } = await session.train({ learningRates, maxSteps: 1 });
      if (state === 'interrupted' || state === 'diverged') break;
      if (step >= warmUp) stepSeconds.push(ofEpoch - before);
      before = state === 'finished' ? 0 : ofEpoch;
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

/** What fits into the time; a small test set several times, for the first time takes longer than all others. */
async function evaluatePart(session: EngineSession): Promise<Evaluated> {
  const began = performance.now();
  const timer = setTimeout(() => session.interrupt(), most.evaluationSeconds * 1000);
  try {
    const first = await evaluateOnce(session);
    const further: number[] = [];
    // Where half the time is left, another one ends in time.
    while (further.length < most.evaluations && performance.now() - began < most.evaluationSeconds * 500) {
      const { isCut, seconds } = await evaluateOnce(session);
      if (isCut) break;
      further.push(seconds);
    }
    return further.length === 0 ? first : { ...first, seconds: median(further) };
  } finally {
    clearTimeout(timer);
  }
}

async function evaluateOnce(session: EngineSession): Promise<Evaluated> {
  const began = performance.now();
  const { samples, interrupted: isCut } = await session.evaluate('test');
  return { samples, isCut, seconds: (performance.now() - began) / 1000 };
}

interface Evaluated {
  readonly samples: number;
  readonly seconds: number;
  /** The time was over before the last sample. */
  readonly isCut: boolean;
}

/** Of this process, which has done nothing else. */
function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function freeMemory(addon: Addon, device: string): number {
  return addon.devices().find(({ id }) => id === device)?.freeMemory ?? 0;
}

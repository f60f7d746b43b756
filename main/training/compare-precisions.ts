import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import { hasBfloat16 } from '../../core/training/decide-precision.ts';
import type { ComparedPrecisions, PrecisionTimes } from '../../core/training/decide-precision.ts';
import { median } from '../../core/training/median.ts';
import type { Addon, EngineSession } from '../engine/addon.ts';
import type { ComparePrecisionsJob } from '../engine/messages.ts';
import { fail, failureOf } from '../failures.ts';

type Compared = keyof PrecisionTimes;
const compared: readonly Compared[] = ['float32', 'bfloat16'];

/** Steps that are not counted: memory is taken and code is made ready in them. Slow networks take one. */
const warmUp = { steps: 3, seconds: 1 };
/** A turn of either precision is one step, and of short steps as many as fill `turnSeconds`. */
const most = { turns: 20, seconds: 3, turnSeconds: 0.02, turnSteps: 50 };

/**
 * In the engine process: how long a step of this very training takes in both precisions. They take turns, so that
 * whatever else the machine does slows both. Nothing is kept of these steps.
 */
export async function comparePrecisions(
  job: ComparePrecisionsJob,
  addon: Addon,
  stop: AbortSignal,
): Promise<ComparedPrecisions> {
  if (job.plan.device === 'cpu' && !hasBfloat16(addon.versions().instructions)) return { kind: 'noInstructions' };
  const open: TimedTraining[] = [];
  const interrupt = (): void => open.forEach((training) => training.interrupt());
  stop.addEventListener('abort', interrupt);
  try {
    for (const precision of compared) {
      const plan = { ...job.plan, training: { ...job.plan.training, precision } };
      open.push(new TimedTraining(await addon.createSession(JSON.stringify(plan)), precision, job));
    }
    const seconds = await takeTurns(open);
    const [float32, bfloat16] = seconds.map((ofTurns) => median(ofTurns));
    return { kind: 'measured', stepSeconds: { float32: float32!, bfloat16: bfloat16! } };
  } catch (error) {
    // Whatever keeps the training itself from working says so when it begins.
    const failure = failureOf(error);
    if (failure === null) throw error;
    return { kind: 'failed', message: failure.message };
  } finally {
    stop.removeEventListener('abort', interrupt);
    for (const training of open) await training.close();
  }
}

/** Seconds a step, of each training one for each of its turns. */
async function takeTurns(trainings: readonly TimedTraining[]): Promise<readonly number[][]> {
  let quickest = Infinity;
  for (const training of trainings) {
    const began = performance.now();
    for (let step = 0; step < warmUp.steps && secondsSince(began) < warmUp.seconds; step++) {
      quickest = Math.min(quickest, await training.secondsOfStep(1));
    }
  }
  const steps = Math.min(most.turnSteps, Math.max(1, Math.round(most.turnSeconds / quickest)));
  const seconds: number[][] = trainings.map(() => []);
  const began = performance.now();
  for (let turn = 0; turn < most.turns; turn++) {
    for (const [index, training] of trainings.entries()) seconds[index]!.push(await training.secondsOfStep(steps));
    if (secondsSince(began) > most.seconds) break;
  }
  return seconds;
}

class TimedTraining {
  readonly #session: EngineSession;
  readonly #precision: Compared;
  readonly #learningRates: Float64Array;
  /** Of the epoch that it is in. */
  #stepsDone = 0;

  constructor(session: EngineSession, precision: Compared, { schedule, epochs }: ComparePrecisionsJob) {
    this.#session = session;
    this.#precision = precision;
    const { stepsPerEpoch } = session.describe();
    this.#learningRates = ratesOfEpoch(schedule, 0, { epochs, stepsPerEpoch });
  }

  /** On the mean of `steps` more, or of those that are left of the epoch. */
  async secondsOfStep(steps: number): Promise<number> {
    const before = performance.now();
    const { state, step } = await this.#session.train({ learningRates: this.#learningRates, maxSteps: steps });
    if (state === 'diverged') fail('diverged', `The loss of the first steps in ${this.#precision} is infinite or NaN.`);
    if (state === 'interrupted') fail('cancelled', 'The comparison was cancelled.');
    const taken = step - this.#stepsDone;
    this.#stepsDone = state === 'finished' ? 0 : step;
    return secondsSince(before) / taken;
  }

  interrupt(): void {
    this.#session.interrupt();
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}

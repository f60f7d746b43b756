import { elementCount } from '../../core/catalogue/shape.ts';
import { measuredIn, pick } from '../../core/figures/measured.ts';
import { stepFigures } from '../../core/figures/of-steps.ts';
import { bestEpoch } from '../../core/training/early-stopping.ts';
import type { EpochFinished, TargetUnits, TrainingEvent } from '../../core/training/events.ts';
import type { EpochProgress, SessionDescription } from '../engine/addon.ts';
import type { TrainingJob } from '../engine/messages.ts';
import type { CheckpointMetadata } from './checkpoint-metadata.ts';

/** What a training tells of itself, made of what it knows. */

export function startedEvent(
  { run, project, plan, isDataChanged, missingSource }: TrainingJob,
  description: SessionDescription,
  epochs: number,
  from: Pick<CheckpointMetadata, 'epoch' | 'step'>,
): TrainingEvent {
  const { device, deviceName, threads, parameters, trainSamples, testSamples, stepsPerEpoch } = description;
  return {
    event: 'runStarted',
    run,
    project,
    device,
    deviceName,
    threads,
    seed: plan.seed,
    parameters: parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    trainSamples,
    testSamples,
    epochs,
    stepsPerEpoch,
    fromEpoch: from.epoch,
    fromStep: from.step,
    ...(isDataChanged && { isDataChanged: true as const }),
    ...(missingSource !== null && { missingSource }),
    ...targetUnits(plan.data),
    ...(plan.training.evaluateViews === 'plain' ? {} : { evaluateViews: plan.training.evaluateViews }),
  };
}

function targetUnits({ targets, targetScaling }: TrainingJob['plan']['data']): { readonly targets?: TargetUnits } {
  return targets === undefined ? {} : { targets: { count: targets, areStandardised: targetScaling !== undefined } };
}

/** Steps done in this process and still to do, and the seconds that those done took. */
export interface Pace {
  readonly here: number;
  readonly left: number;
  readonly seconds: number;
}

/** `epoch` counts from 1; `rates` are those of its steps. */
export function stepEvent(
  run: string,
  epoch: number,
  epochs: number,
  progress: EpochProgress,
  rates: Float64Array,
  { here, left, seconds }: Pace,
): TrainingEvent {
  return {
    event: 'step',
    run,
    epoch,
    epochs,
    step: progress.step,
    steps: progress.steps,
    train: measuredIn(progress),
    ...pick(progress, stepFigures),
    learningRate: rates[Math.max(0, progress.step - 1)] ?? 0,
    imagesPerSecond: progress.samplesPerSecond,
    secondsLeft: here > 0 ? (seconds / here) * left : null,
  };
}

export function earlyStopEvent(
  { run, earlyStopping }: TrainingJob,
  { epoch, history, comparableFrom = 0 }: Pick<CheckpointMetadata, 'epoch' | 'history' | 'comparableFrom'>,
): TrainingEvent {
  const comparable = history.filter((each) => each.epoch > comparableFrom);
  const best = earlyStopping && bestEpoch(comparable, earlyStopping);
  if (!best) throw new Error('stopped early without a reason');
  return { event: 'stoppedEarly', run, epoch, settings: earlyStopping, best: { epoch: best.epoch, test: best.test } };
}

export function finishedEvent(run: string, history: readonly EpochFinished[], seconds: number): TrainingEvent {
  const last = history.at(-1);
  if (last === undefined) throw new Error('a run of no epochs');
  const { epoch: epochs, train, test, averaged } = last;
  const judged = averaged === undefined ? { test } : { test, averaged };
  return { event: 'runFinished', run, epochs, train, ...judged, seconds };
}

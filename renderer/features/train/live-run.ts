import type { LiveRun, WatchedEvent } from '../../../core/contract/training.ts';
import type { Marker } from '../../../core/contract/runs.ts';
import type { Failure } from '../../../core/failure.ts';
import type {
  EpochFinished,
  LossAndAccuracy,
  RunStarted,
  StepTaken,
  TrainingChanges,
  TrainingEvent,
} from '../../../core/training/events.ts';
import type { Project } from '../../../core/project/project.ts';

export type RunState =
  | { readonly kind: LiveRun['state'] }
  | {
      readonly kind: 'finished';
      readonly test: LossAndAccuracy;
      readonly averaged: LossAndAccuracy | null;
      readonly seconds: number;
    }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: Failure }
  | { readonly kind: 'crashed'; readonly error: Failure; readonly complaint: string };

/** A run as this window watches it, until another takes its place. */
export interface WatchedRun {
  readonly run: string;
  readonly project: string;
  /** As it was given to the training. */
  readonly trained: Project | null;
  readonly state: RunState;
  readonly started: RunStarted | null;
  /** Where it began with another run's weights; only of trainings that this window saw begin. */
  readonly weightsTaken?: Extract<TrainingEvent, { event: 'weightsTaken' }>;
  readonly stoppedEarly?: Extract<TrainingEvent, { event: 'stoppedEarly' }>;
  readonly step: StepTaken | null;
  readonly epochs: readonly EpochFinished[];
  readonly markers: readonly Marker[];
}

export function startingRun(run: string, project: string, trained: Project | null): WatchedRun {
  return { run, project, trained, state: { kind: 'starting' }, started: null, step: null, epochs: [], markers: [] };
}

export function isOver({ kind }: RunState): boolean {
  return kind === 'finished' || kind === 'stopped' || kind === 'failed' || kind === 'crashed';
}

/** Whether a stopped or broken run can be gone on with. */
export function canGoOn({ kind }: RunState): boolean {
  return kind === 'stopped' || kind === 'failed' || kind === 'crashed';
}

export function reduceRun(run: WatchedRun, event: WatchedEvent, time: number): WatchedRun {
  switch (event.event) {
    case 'runStarting':
      return { ...run, state: { kind: 'starting' } };
    case 'runStarted': {
      const epochs = run.epochs.filter(({ epoch }) => epoch <= event.fromEpoch);
      return { ...run, started: event, state: { kind: 'running' }, epochs };
    }
    case 'weightsTaken':
      return { ...run, weightsTaken: event };
    case 'stoppedEarly':
      return { ...run, stoppedEarly: event };
    case 'step':
      return { ...run, step: event, state: run.state.kind === 'starting' ? { kind: 'running' } : run.state };
    case 'epochFinished':
      return { ...run, epochs: [...run.epochs.filter(({ epoch }) => epoch < event.epoch), event] };
    case 'checkpointSaved':
      return withMarker(run, event.kind === 'best' ? 'best' : 'checkpoint', event, time);
    case 'runPaused':
      return { ...withMarker(run, 'paused', event, time), state: { kind: 'paused' } };
    case 'settingsChanged':
      return withMarker(run, 'settingsChanged', event, time);
    case 'runContinued':
      return { ...withMarker(run, 'continued', event, time), state: { kind: 'running' } };
    case 'runFinished':
      return {
        ...run,
        state: { kind: 'finished', test: event.test, averaged: event.averaged ?? null, seconds: event.seconds },
      };
    case 'runInterrupted':
    case 'runKilled':
      return { ...run, state: { kind: 'stopped' } };
    case 'runFailed':
    case 'runRefused':
      return { ...run, state: { kind: 'failed', error: event.error } };
    case 'engineCrashed':
      return { ...run, state: { kind: 'crashed', error: event.error, complaint: event.complaint } };
  }
}

interface Position {
  readonly epoch: number;
  readonly step: number;
  readonly changes?: TrainingChanges;
}

/** `epoch` of an event counts whole epochs done or the one running; the last step told is the better clock. */
function withMarker(run: WatchedRun, kind: Marker['kind'], event: Position, time: number): WatchedRun {
  const epoch = epochsDone(run);
  const step = Math.round(epoch * (run.started?.stepsPerEpoch ?? 0));
  const marker: Marker = { kind, step, epoch, time, changes: event.changes ?? null };
  return { ...run, markers: [...run.markers, marker] };
}

/** Whether it trains a generator: by its project or, of another window's training, by what it has told so far. */
export function isAdversarial({ trained, step, epochs }: WatchedRun): boolean {
  if (trained !== null) return trained.recipe.kind === 'adversarial';
  return (step ?? epochs[0])?.train.generatorLoss !== undefined;
}

/** In whole epochs and fractions. */
export function epochsDone(run: WatchedRun): number {
  const finished = run.epochs.at(-1)?.epoch ?? 0;
  const { step } = run;
  return step === null ? finished : Math.max(finished, step.epoch - 1 + step.step / step.steps);
}

/** 0…1. */
export function progressOf(run: WatchedRun): number {
  if (run.state.kind === 'finished') return 1;
  const epochs = run.step?.epochs ?? run.started?.epochs;
  return epochs === undefined ? 0 : Math.min(1, epochsDone(run) / epochs);
}

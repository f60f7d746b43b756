import type { Failure } from '../failure.ts';
import type { Measured } from '../figures/measured.ts';
import type { Project } from '../project/project.ts';
import type { EpochFinished, RunStarted, StepTaken, TrainingChanges, TrainingEvent, WatchedEvent } from './events.ts';
import type { PrecisionDecision } from './decide-precision.ts';
import { placeOf } from './place.ts';
import type { Place, Position } from './place.ts';

export type RunPhase =
  | { readonly kind: 'starting' | 'running' | 'pausing' | 'paused' | 'stopping' }
  | {
      readonly kind: 'finished';
      readonly test: Measured;
      readonly averaged: Measured | null;
      readonly seconds: number;
    }
  | { readonly kind: 'stopped'; readonly seconds?: number }
  | { readonly kind: 'failed'; readonly error: Failure }
  | { readonly kind: 'crashed'; readonly error: Failure; readonly complaint: string };

/** Something to draw into the charts. */
export interface Marker extends Place {
  readonly kind:
    | 'started'
    | 'resumed'
    /** On data that are not those of before. */
    | 'dataChanged'
    | 'paused'
    | 'continued'
    | 'settingsChanged'
    | 'checkpoint'
    | 'best'
    | 'crashed';
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of settingsChanged. */
  readonly changes: TrainingChanges | null;
}

/** What is known of a run from the events of its training. */
export interface RunState {
  readonly run: string;
  readonly project: string;
  /** As it was given to the training, with the changes made since; null where only events are known. */
  readonly trained: Project | null;
  readonly state: RunPhase;
  readonly started: RunStarted | null;
  /** In all; null until that is known. */
  readonly epochsPlanned: number | null;
  /** What the index of runs has of a run that was not seen to begin. */
  readonly stored?: {
    readonly epochs: number;
    readonly stepsPerEpoch: number | null;
    readonly trainSamples: number | null;
    readonly deviceName: string | null;
    readonly threads: number;
    readonly seed: number;
  };
  /** Where it began with another run's weights; only of trainings that were seen to begin. */
  readonly weightsTaken?: Extract<TrainingEvent, { event: 'weightsTaken' }>;
  /** Where the recipe's precision is `auto`. */
  readonly precisionDecided?: PrecisionDecision;
  readonly stoppedEarly?: Extract<TrainingEvent, { event: 'stoppedEarly' }>;
  readonly step: StepTaken | null;
  readonly epochs: readonly EpochFinished[];
  readonly markers: readonly Marker[];
}

export function startingRun(run: string, project: string, trained: Project | null): RunState {
  const nothing = { started: null, epochsPlanned: null, step: null, epochs: [], markers: [] };
  return { run, project, trained, state: { kind: 'starting' }, ...nothing };
}

/** The only place where events of a training become a state. `time`: when the event came, in milliseconds since 1970. */
export function fold(run: RunState, event: WatchedEvent, time: number): RunState {
  switch (event.event) {
    case 'runStarting':
      return { ...withoutEarlyStop(run), state: { kind: 'starting' } };
    case 'runStarted':
      return atStart(run, event, time);
    case 'weightsTaken':
      return { ...run, weightsTaken: event };
    case 'precisionDecided':
      return { ...run, precisionDecided: event };
    case 'stoppedEarly':
      return { ...run, stoppedEarly: event };
    case 'step':
      return { ...run, step: event, state: run.state.kind === 'starting' ? { kind: 'running' } : run.state };
    case 'epochFinished':
      return { ...run, epochs: [...epochsUntil(run.epochs, event.epoch - 1), event] };
    case 'checkpointSaved':
      return withMarker(run, event.kind === 'best' ? 'best' : 'checkpoint', wholeEpochs(event), time);
    case 'runPaused':
      return { ...withMarker(run, 'paused', insideEpoch(event), time), state: { kind: 'paused' } };
    case 'settingsChanged': {
      const marked = withMarker(run, 'settingsChanged', insideEpoch(event), time, event.changes);
      const { epochs = run.epochsPlanned } = event.changes;
      return { ...marked, trained: withChanges(run.trained, event.changes), epochsPlanned: epochs };
    }
    case 'runContinued':
      return { ...withMarker(run, 'continued', insideEpoch(event), time), state: { kind: 'running' } };
    case 'runFinished': {
      const { test, averaged = null, seconds } = event;
      return { ...run, state: { kind: 'finished', test, averaged, seconds } };
    }
    case 'runInterrupted': {
      const { seconds } = event;
      return { ...run, state: { kind: 'stopped', ...(seconds === undefined ? {} : { seconds }) } };
    }
    case 'runKilled':
      return { ...run, state: { kind: 'stopped' } };
    case 'runFailed':
    case 'runRefused':
      return { ...run, state: { kind: 'failed', error: event.error } };
    case 'engineCrashed': {
      const { error, complaint } = event;
      return { ...withMarker(run, 'crashed', lastPosition(run), time), state: { kind: 'crashed', error, complaint } };
    }
  }
}

function atStart(run: RunState, event: RunStarted, time: number): RunState {
  const position = { epoch: event.fromEpoch, step: event.fromStep };
  const isNew = position.epoch === 0 && position.step === 0;
  // A pause or stop that was asked for meanwhile is still to come.
  const isAsked = run.state.kind === 'pausing' || run.state.kind === 'stopping';
  const state: RunPhase = isAsked ? run.state : { kind: 'running' };
  const epochs = epochsUntil(run.epochs, event.fromEpoch);
  const begun = { ...run, started: event, epochsPlanned: event.epochs, state, epochs, step: null };
  const kind = event.isDataChanged ? 'dataChanged' : isNew ? 'started' : 'resumed';
  return withMarker(begun, kind, position, time);
}

/** Later ones are trained again. The list itself where there are none. */
function epochsUntil(epochs: readonly EpochFinished[], last: number): readonly EpochFinished[] {
  return (epochs.at(-1)?.epoch ?? 0) <= last ? epochs : epochs.filter(({ epoch }) => epoch <= last);
}

/** A run that stopped early is trained further: where it ends is open again. */
function withoutEarlyStop(run: RunState): RunState {
  const further: { -readonly [Key in keyof RunState]: RunState[Key] } = { ...run };
  delete further.stoppedEarly;
  return further;
}

function withChanges(project: Project | null, changes: TrainingChanges): Project | null {
  return project && { ...project, recipe: { ...project.recipe, ...changes } };
}

/** Checkpoints count whole epochs. */
function wholeEpochs({ epoch, step }: Position): Position {
  return { epoch, step };
}

/** Other events count the epoch that is being trained, from 1. */
function insideEpoch({ epoch, step }: Position): Position {
  return { epoch: epoch - 1, step };
}

function lastPosition({ step, started }: RunState): Position {
  return step === null ? { epoch: started?.fromEpoch ?? 0, step: started?.fromStep ?? 0 } : insideEpoch(step);
}

/** Of checkpoints only the last and the best are known. */
function withMarker(
  run: RunState,
  kind: Marker['kind'],
  position: Position,
  time: number,
  changes: TrainingChanges | null = null,
): RunState {
  const isReplaced = kind === 'checkpoint' || kind === 'best';
  const others = isReplaced ? run.markers.filter((marker) => marker.kind !== kind) : run.markers;
  const marker: Marker = { kind, ...placeOf(position, stepsPerEpoch(run)), time, changes };
  return { ...run, markers: [...others, marker] };
}

function stepsPerEpoch({ started, stored, step }: RunState): number {
  return started?.stepsPerEpoch ?? stored?.stepsPerEpoch ?? step?.steps ?? 0;
}

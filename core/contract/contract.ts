import type { AppCalls, AppEvents } from './app.ts';
import type { Answer } from './call.ts';
import type { DataCalls, DataEvents } from './data.ts';
import type { EvaluationCalls } from './evaluation.ts';
import type { InspectionCalls } from './inspection.ts';
import type { LookCalls } from './look.ts';
import type { ExportCalls, ExportEvents } from './exports.ts';
import type { ProjectCalls, ProjectEvents } from './projects.ts';
import type { RunCalls, RunEvents } from './runs.ts';
import type { SampleCalls } from './samples.ts';
import type { WeightCalls } from './weights.ts';
import type { TrainingCalls, TrainingEvents } from './training.ts';

/**
 * All that a window, a browser or a test can ask of the workbench, and all it can hear from it. The same over
 * Electron's channels and a WebSocket; arguments and results are plain data with typed arrays.
 */
export interface Calls
  extends
    ExportCalls,
    AppCalls,
    ProjectCalls,
    DataCalls,
    InspectionCalls,
    TrainingCalls,
    RunCalls,
    EvaluationCalls,
    LookCalls,
    WeightCalls,
    SampleCalls {}

export interface Events extends ExportEvents, ProjectEvents, AppEvents, DataEvents, TrainingEvents, RunEvents {}

export type CallName = keyof Calls;
export type EventName = keyof Events;
export type Argument<Name extends CallName> = Calls[Name]['argument'];
export type Result<Name extends CallName> = Calls[Name]['result'];

/** Calls without an argument need none written. */
export type Given<Name extends CallName> = [Argument<Name>] extends [undefined] ? [] : [argument: Argument<Name>];

/** What carries calls and events: Electron's bridge, a WebSocket. */
export interface Transport {
  call(name: CallName, argument: unknown): Promise<Answer>;
  /** Returns how to stop listening. */
  on(name: EventName, listener: (payload: never) => void): () => void;
}

/** For those who ask. A Failure comes as a FailureError. */
export interface Workbench {
  call<Name extends CallName>(name: Name, ...given: Given<Name>): Promise<Result<Name>>;
  on<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void;
}

/** For those who answer; each entry throws a FailureError for a Failure. */
export type Handlers = {
  readonly [Name in CallName]: (argument: Argument<Name>) => Promise<Result<Name>> | Result<Name>;
};

import type { Failure } from '../failure.ts';
import type { EpochFinished, RunStarted, StepTaken, TrainingChanges, TrainingEvent } from '../training/events.ts';
import type { RateFinding, RateSweep } from '../training/rate-finder.ts';
import type { Call } from './call.ts';
import type { Marker, MismatchSet, StepSeries } from './runs.ts';

export interface TrainingCalls {
  /** Answers with the run's id as soon as the run exists; what comes then are `training` events. */
  'training.start': Call<StartTraining, { readonly run: string }>;
  /** Goes on with an interrupted or failed run from its last checkpoint. */
  'training.resume': Call<ResumeTraining, { readonly run: string }>;
  /** The step is finished and a checkpoint saved; `runPaused` says when. */
  'training.pause': Call<RunName, void>;
  /** `settingsChanged` (if anything changed) and `runContinued` say when. */
  'training.continue': Call<RunName & { readonly changes?: TrainingChanges }, void>;
  /** The step is finished, a checkpoint saved, the engine ends: `runInterrupted`. */
  'training.stop': Call<RunName, void>;
  /** At once; `runKilled`. The run goes on later from its last checkpoint. */
  'training.kill': Call<RunName, void>;
  /** What a window needs that comes late, or again. */
  'training.active': Call<undefined, readonly LiveRun[]>;
  /**
   * Trains with ever higher rates and answers with the losses; `rateFinding` tells of them meanwhile. Nothing is kept of
   * that training, and a run is not touched.
   */
  'training.findRate': Call<FindRate, RateFinding>;
  /** Ends a search: its call answers with what it has. */
  'training.stopFindingRate': Call<{ readonly search: string }, void>;
  /** `mismatches` after each epoch, with at most `limit` images; 0: no more. Costs one pass over the test images. */
  'training.watchMismatches': Call<RunName & { readonly limit: number }, void>;
}

export interface TrainingEvents {
  /** At most ten steps a second a run. */
  training: WatchedEvent;
  mismatches: MismatchSet;
  /** At most ten a second. */
  rateFinding: { readonly search: string; readonly finding: RateFinding };
}

interface RunName {
  readonly run: string;
}

export interface StartTraining {
  readonly projectText: string;
  /** `auto`, `cpu`, `cuda:0`. */
  readonly device: string;
  readonly threads?: number;
  /** Instead of the recipe's. */
  readonly seed?: number;
  /** The run whose best weights it begins with, where names and shapes are the same; `weightsTaken` says which. */
  readonly from?: string;
}

export interface FindRate {
  /** Made by the window, one a search (a UUID). */
  readonly search: string;
  /** With fresh weights, or as a run's last checkpoint left it. */
  readonly subject: { readonly projectText: string } | { readonly run: string };
  readonly sweep: RateSweep;
  readonly device: string;
}

export interface ResumeTraining {
  readonly run: string;
  /** Absent: as before. */
  readonly device?: string;
}

/** The events of the training itself, and what happens to the engine. */
export type WatchedEvent =
  | TrainingEvent
  /** The run exists, its engine is being started. */
  | { readonly event: 'runStarting'; readonly run: string; readonly project: string; readonly isResumed: boolean }
  /** The engine would not begin with this project; a new run is gone again. */
  | { readonly event: 'runRefused'; readonly run: string; readonly error: Failure }
  | { readonly event: 'runKilled'; readonly run: string }
  | EngineCrashed;

export interface EngineCrashed {
  readonly event: 'engineCrashed';
  readonly run: string;
  readonly error: Failure;
  /** The end of what the engine wrote to stderr. */
  readonly complaint: string;
  /** Where `training.resume` would go on; null: from the beginning. */
  readonly checkpoint: { readonly epoch: number; readonly step: number } | null;
}

export interface LiveRun {
  readonly run: string;
  readonly project: string;
  readonly state: 'starting' | 'running' | 'pausing' | 'paused' | 'stopping';
  /** The project as it is being trained, with changes made since. */
  readonly projectText: string;
  readonly started: RunStarted | null;
  readonly step: StepTaken | null;
  readonly epochs: readonly EpochFinished[];
  /** The last few thousand steps reported. */
  readonly series: StepSeries;
  readonly markers: readonly Marker[];
}

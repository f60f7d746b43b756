import type { RunOrigin, TrainingChanges, WatchedEvent } from '../training/events.ts';
import type { RunState } from '../training/run-state.ts';
import type { MeasuredCost } from '../training/cost.ts';
import type { ResumedData } from '../training/run-data.ts';
import type { RateFinding, RateSweep } from '../training/rate-finder.ts';
import type { ExplainedProfile } from '../training/explain-choices.ts';
import type { Call } from './call.ts';
import type { MismatchSet, StepSeries } from './runs.ts';

export interface TrainingCalls {
  /** Answers with the run's id as soon as the run exists; what comes then are `training` events. */
  'training.start': Call<StartTraining, { readonly run: string }>;
  /** Resumes an interrupted or failed run from its last checkpoint, or with more epochs a finished one. */
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
  /**
   * Trains a few steps to tell what the whole training would cost; nothing of it is kept. Ended by the next training or
   * measurement, as `cancelled`. Without `isNew`: what was measured before, or null.
   */
  'training.measureCost': Call<MeasureCost, MeasuredCost | null>;
  /** Trains a few steps to tell where their time goes; nothing of them is kept. Ended by the next training, as `cancelled`. */
  'training.profile': Call<ProfileStep, ExplainedProfile>;
  /** Ends a profile at once, as `cancelled`. */
  'training.cancelProfile': Call<{ readonly profile: string }, void>;
  /** `mismatches` after each epoch, with at most `limit` images; 0: no more. Costs one pass over the test images. */
  'training.watchMismatches': Call<RunName & { readonly limit: number }, void>;
}

export interface TrainingEvents {
  /** About ten steps a second a run, and more in its first seconds. */
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
  /** The key of the open document that it is trained from; two documents may have one name. */
  readonly document?: string;
  /** `auto`, `cpu`, `cuda:0`. */
  readonly device: string;
  readonly threads?: number;
  /** Instead of the recipe's. */
  readonly seed?: number;
  /** The run or file whose weights it begins with, where names and shapes are the same; `weightsTaken` says which. */
  readonly from?: string;
  /** The state dict of a file that holds several. */
  readonly fromEntry?: string;
  /** Whether frozen modules that find no weights may keep random values. */
  readonly allowFreshFrozen?: boolean;
}

export interface MeasureCost {
  readonly projectText: string;
  readonly device: string;
  readonly isNew: boolean;
}

export interface ProfileStep {
  /** Made by the window, one a profile (a UUID). */
  readonly profile: string;
  readonly projectText: string;
  readonly device: string;
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
  /** How many the run is to have in all, more than it has behind it; absent: as many as before. */
  readonly epochs?: number;
  /** Which data, where those of the project have changed; absent: such a run is refused (`dataChanged`). */
  readonly data?: ResumedData;
}

export interface LiveRun extends Omit<RunState, 'trained' | 'stored'>, Pick<RunOrigin, 'document'> {
  /** The project as it is being trained, with changes made since. */
  readonly projectText: string;
  /** The last few thousand steps reported. */
  readonly series: StepSeries;
}

export type { EngineCrashed, RunOrigin, RunStarting, WatchedEvent } from '../training/events.ts';

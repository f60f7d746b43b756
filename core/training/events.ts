import type { EvaluateViews } from '../catalogue/evaluate-views.ts';
import type { WeightSource } from './weight-source.ts';
import type { Failure } from '../failure.ts';
import type { Measured, StepValues } from '../figures/measured.ts';
import type { EarlyStopping, Schedule } from '../project/project.ts';
import type { PrecisionDecision } from './decide-precision.ts';
import type { NewRates } from './new-rates.ts';

export interface TargetUnits {
  readonly count: number;
  /** Losses are of (target − mean) / deviation, and so are errors where there are several targets. */
  readonly areStandardised: boolean;
}

/** What a training tells whoever watches: stored with the run, printed by `--json`, drawn by the window. Epochs count from 1 here. */
export type TrainingEvent =
  | {
      readonly event: 'runStarted';
      readonly run: string;
      readonly project: string;
      readonly device: string;
      readonly deviceName: string;
      readonly threads: number;
      readonly seed: number;
      readonly parameters: number;
      readonly trainSamples: number;
      readonly testSamples: number;
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      /** Position a resumed run goes on from; 0, 0 for a new one. */
      readonly fromEpoch: number;
      readonly fromStep: number;
      /** The run goes on with other data than it was trained on before. */
      readonly isDataChanged?: true;
      /** Where its data were: it goes on with the samples kept with the run, as nothing is there any more. */
      readonly missingSource?: string;
      /** Only of a regression: what losses and errors are measured in. */
      readonly targets?: TargetUnits;
      /** Only where figures of the test set are of more than the plain images. */
      readonly evaluateViews?: EvaluateViews;
    }
  /** Only where a new run begins with another's weights. */
  | ({ readonly event: 'weightsTaken'; readonly run: string; readonly from: WeightSource } & WeightReport)
  /** Only where the recipe's precision is `auto`. */
  | ({ readonly event: 'precisionDecided'; readonly run: string } & PrecisionDecision)
  | ({
      readonly event: 'step';
      readonly run: string;
      readonly epoch: number;
      readonly epochs: number;
      readonly step: number;
      readonly steps: number;
      /** Of the epoch so far. */
      readonly train: Measured;
      /** Estimate for the whole run. */
      readonly secondsLeft: number | null;
    } & StepValues)
  | {
      readonly event: 'epochFinished';
      readonly run: string;
      readonly epoch: number;
      readonly epochs: number;
      /** The rate at the epoch's last step. */
      readonly learningRate: number;
      readonly train: Measured;
      readonly test: Measured;
      /** Of the test set by the averaged weights; absent where there is no average yet. */
      readonly averaged?: Measured;
      readonly seconds: number;
      readonly imagesPerSecond: number;
    }
  | {
      readonly event: 'checkpointSaved';
      readonly run: string;
      readonly kind: 'last' | 'best';
      readonly epoch: number;
      readonly step: number;
    }
  /** The figure has not improved for as many epochs as the recipe's patience lasts; `runFinished` follows. */
  | {
      readonly event: 'stoppedEarly';
      readonly run: string;
      readonly epoch: number;
      readonly best: { readonly epoch: number; readonly test: Measured };
      readonly settings: EarlyStopping;
    }
  | {
      readonly event: 'runFinished';
      readonly run: string;
      readonly epochs: number;
      readonly train: Measured;
      readonly test: Measured;
      readonly averaged?: Measured;
      readonly seconds: number;
    }
  /** The engine waits with everything in memory; a checkpoint of this position is saved. */
  | { readonly event: 'runPaused'; readonly run: string; readonly epoch: number; readonly step: number }
  /** Holds from this position on. */
  | {
      readonly event: 'settingsChanged';
      readonly run: string;
      readonly epoch: number;
      readonly step: number;
      readonly changes: TrainingChanges;
      /** Where the number of epochs changed, and the schedule hangs on it. */
      readonly newRates?: NewRates;
    }
  | { readonly event: 'runContinued'; readonly run: string; readonly epoch: number; readonly step: number }
  | {
      readonly event: 'runInterrupted';
      readonly run: string;
      readonly epoch: number;
      readonly step: number;
      /** Of the run so far, without pauses. Absent: of a run of an older version. */
      readonly seconds?: number;
    }
  | { readonly event: 'runFailed'; readonly run: string; readonly error: Failure };

/** The events of the training itself, and what happens to the engine. */
export type WatchedEvent =
  | TrainingEvent
  /** The run exists, its engine is being started. */
  | RunStarting
  /** The engine would not begin with this project; a new run is gone again. */
  | { readonly event: 'runRefused'; readonly run: string; readonly error: Failure }
  | { readonly event: 'runKilled'; readonly run: string }
  | EngineCrashed;

/** What a run was begun from. */
export interface RunOrigin {
  /** The project's name. */
  readonly project: string;
  /** The key of the open document; null: it is not known, as of a run that another process began. */
  readonly document: string | null;
}

export interface RunStarting extends RunOrigin {
  readonly event: 'runStarting';
  readonly run: string;
  readonly isResumed: boolean;
}

export interface EngineCrashed {
  readonly event: 'engineCrashed';
  readonly run: string;
  readonly error: Failure;
  /** The end of what the engine wrote to stderr. */
  readonly complaint: string;
  /** Where `training.resume` would go on; null: from the beginning. */
  readonly checkpoint: { readonly epoch: number; readonly step: number } | null;
}

export type RunStarted = Extract<TrainingEvent, { event: 'runStarted' }>;
export type StepTaken = Extract<TrainingEvent, { event: 'step' }>;
export type EpochFinished = Extract<TrainingEvent, { event: 'epochFinished' }>;

export type { WeightSource } from './weight-source.ts';

/** What came of another network's weights, by names of parameters and buffers. */
export interface WeightReport {
  readonly matched: readonly string[];
  /** Of the network, not of the file: they stay as they were initialised. */
  readonly missing: readonly string[];
  /** Stay as they were initialised too. */
  readonly otherShape: readonly {
    readonly name: string;
    readonly found: readonly number[];
    readonly expected: readonly number[];
  }[];
  /** Of the file, not of the network. */
  readonly unused: readonly string[];
  /** What stood before the network's names in those of the file and was taken off, such as `module.`. Absent: nothing. */
  readonly prefix?: string;
}

/** What of a recipe can change while a run is paused; the epochs also of one that is resumed. */
export interface TrainingChanges {
  readonly schedule?: Schedule;
  /** At least the epoch the run is in. */
  readonly epochs?: number;
}

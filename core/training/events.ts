import type { WeightSource } from './weight-source.ts';
import type { Failure } from '../failure.ts';
import type { EarlyStopping, Schedule } from '../project/project.ts';

export interface LossAndAccuracy {
  /** Mean over the samples. */
  readonly loss: number;
  /** Fraction of right answers, 0…1; null of a regression and of adversarial training. */
  readonly accuracy: number | null;
  readonly errors?: RegressionErrors;
  /**
   * Of adversarial training, whose `loss` is the discriminator's: of an epoch's training the medians over its
   * iterations, while it runs the means so far.
   */
  readonly generatorLoss?: number;
}

/** How far a regression is off, over all numbers told, in units of the targets. */
export interface RegressionErrors {
  readonly meanAbsolute: number;
  readonly rootMeanSquare: number;
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
    }
  /** Only where a new run begins with another's weights. */
  | ({ readonly event: 'weightsTaken'; readonly run: string; readonly from: WeightSource } & WeightReport)
  | {
      readonly event: 'step';
      readonly run: string;
      readonly epoch: number;
      readonly epochs: number;
      readonly step: number;
      readonly steps: number;
      /** Of the epoch so far. */
      readonly train: LossAndAccuracy;
      readonly learningRate: number;
      readonly imagesPerSecond: number;
      /**
       * L2 norm of all gradients, accumulated, before clipping: of this one step, no mean. On a GPU of the step
       * reported before. Absent where it was not measured.
       */
      readonly gradientNorm?: number;
      /** Estimate for the whole run. */
      readonly secondsLeft: number | null;
    }
  | {
      readonly event: 'epochFinished';
      readonly run: string;
      readonly epoch: number;
      readonly epochs: number;
      /** The rate at the epoch's last step. */
      readonly learningRate: number;
      readonly train: LossAndAccuracy;
      readonly test: LossAndAccuracy;
      /** Of the test set by the averaged weights; absent where there is no average yet. */
      readonly averaged?: LossAndAccuracy;
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
      readonly best: { readonly epoch: number; readonly test: LossAndAccuracy };
      readonly settings: EarlyStopping;
    }
  | {
      readonly event: 'runFinished';
      readonly run: string;
      readonly epochs: number;
      readonly train: LossAndAccuracy;
      readonly test: LossAndAccuracy;
      readonly averaged?: LossAndAccuracy;
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
    }
  | { readonly event: 'runContinued'; readonly run: string; readonly epoch: number; readonly step: number }
  | { readonly event: 'runInterrupted'; readonly run: string; readonly epoch: number; readonly step: number }
  | { readonly event: 'runFailed'; readonly run: string; readonly error: Failure };

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
}

/** What of a recipe can change while a run is paused. */
export interface TrainingChanges {
  readonly schedule?: Schedule;
  /** At least the epoch the run is in. */
  readonly epochs?: number;
}

import type { Failure } from '../failure.ts';
import type { EpochFinished, TrainingChanges, WeightReport, WeightSource } from '../training/events.ts';
import type { Call } from './call.ts';

export interface RunCalls {
  'runs.list': Call<RunQuery, { readonly total: number; readonly runs: readonly RunSummary[] }>;
  'runs.get': Call<{ readonly run: string }, RunDetails>;
  'runs.epochs': Call<{ readonly runs: readonly string[] }, readonly RunEpochs[]>;
  'runs.steps': Call<StepQuery, readonly RunSteps[]>;
  'runs.update': Call<RunUpdate, void>;
  'runs.remove': Call<{ readonly runs: readonly string[] }, void>;
  /** The project as it was trained. */
  'runs.project': Call<{ readonly run: string }, { readonly name: string; readonly text: string }>;
  /** What a generator made after its epochs; null of a run that trains none. */
  'runs.pictures': Call<{ readonly run: string }, RunPictures | null>;
  /** A PNG, or of the animation a GIF. */
  'runs.picture': Call<{ readonly run: string; readonly picture: number | 'animation' }, Uint8Array>;
}

export interface RunPictures {
  /** Those there is a picture of, in order. */
  readonly epochs: readonly number[];
  /** All of them one after another; made when the run ends. */
  readonly hasAnimation: boolean;
  /** Whether the generator is told the class of what it makes. */
  readonly isConditional: boolean;
}

export interface RunEvents {
  /** Rows of the table of runs changed, came or went. */
  runsChanged: { readonly runs: readonly string[] };
}

/** As the last step left them, or their average. Where nothing is said: the average, if there is one. */
export type Weights = 'last' | 'averaged';

export type RunStatus = 'running' | 'finished' | 'interrupted' | 'failed';

export const runSorts = [
  'created',
  'project',
  'status',
  'epochsDone',
  'testAccuracy',
  'averagedAccuracy',
  'bestTestAccuracy',
] as const;

export interface RunQuery {
  /** Words that must all occur in id, project, tags, note, device or status. */
  readonly search?: string;
  readonly onlyStarred?: boolean;
  readonly sort?: { readonly by: (typeof runSorts)[number]; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
}

export interface RunSummary {
  readonly id: string;
  readonly project: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly status: RunStatus;
  readonly isStarred: boolean;
  readonly tags: readonly string[];
  readonly note: string;
  readonly seed: number;
  readonly device: string;
  readonly deviceName: string | null;
  readonly threads: number;
  readonly parameters: number | null;
  readonly epochs: number;
  readonly epochsDone: number;
  /** Fractions 0…1. */
  readonly testAccuracy: number | null;
  /** By the averaged weights; null where there are none. */
  readonly averagedAccuracy: number | null;
  /** Root mean square; of a regression, which has no accuracy. */
  readonly testError: number | null;
  readonly bestTestError: number | null;
  /** Of the last weights or their average, whichever was better. */
  readonly bestTestAccuracy: number | null;
  readonly seconds: number | null;
  readonly failure: Failure | null;
}

export interface RunDetails extends RunSummary {
  readonly trainSamples: number | null;
  readonly testSamples: number | null;
  readonly stepsPerEpoch: number | null;
  readonly folder: string;
  readonly checkpoints: {
    readonly last: { readonly epoch: number; readonly step: number } | null;
    readonly best: { readonly epoch: number; readonly testAccuracy: number | null } | null;
  };
  /** With the seed, device and threads: what makes the run reproducible. torchwright, node, libtorch, cuda. */
  readonly versions: Readonly<Record<string, string>>;
  /** Null: it began with fresh weights. `report` is null until it has begun. */
  readonly initialWeights: { readonly from: WeightSource; readonly report: WeightReport | null } | null;
  readonly markers: readonly Marker[];
}

export interface RunEpochs {
  readonly run: string;
  readonly epochs: readonly EpochFinished[];
}

/** `from` and `to` in optimizer steps of the whole run; absent: all. At most about `points` points a run. */
export interface StepQuery {
  readonly runs: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly points: number;
}

export interface RunSteps {
  readonly run: string;
  readonly stepsPerEpoch: number;
  readonly series: StepSeries;
  /** The loss of single batches: mean, least and greatest of each stretch. Of finished epochs. */
  readonly batchLoss: {
    readonly step: Float64Array;
    readonly mean: Float32Array;
    readonly least: Float32Array;
    readonly greatest: Float32Array;
  };
}

/** Columns of equal length; a figure that was not measured is NaN. */
export interface StepSeries {
  /** Optimizer steps of the whole run behind this point. */
  readonly step: Float64Array;
  /** Means of the epoch so far. */
  readonly loss: Float32Array;
  readonly accuracy: Float32Array;
  readonly learningRate: Float32Array;
  readonly imagesPerSecond: Float32Array;
  /** L2 norm of all gradients before clipping. */
  readonly gradientNorm: Float32Array;
}

/** Something to draw into the charts. `step` is of the whole run. */
export interface Marker {
  readonly kind: 'started' | 'resumed' | 'paused' | 'continued' | 'settingsChanged' | 'checkpoint' | 'best' | 'crashed';
  readonly step: number;
  /** In whole epochs and fractions: for charts by epoch. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of settingsChanged. */
  readonly changes: TrainingChanges | null;
}

export interface RunUpdate {
  readonly run: string;
  readonly tags?: readonly string[];
  readonly note?: string;
  readonly isStarred?: boolean;
}

/** Test images whose most probable class is not their label; the surest errors first. */
export interface MismatchSet {
  readonly run: string;
  readonly epoch: number;
  readonly weights: Weights;
  /** Of all test images. */
  readonly total: number;
  readonly samples: number;
  readonly classNames: readonly string[];
  /** [channels, height, width]. */
  readonly inputShape: readonly number[];
  /** Of the images given, at most as many as asked for. */
  readonly indices: Int32Array;
  readonly labels: Int32Array;
  readonly said: Int32Array;
  /** Probability of the class said. */
  readonly confidences: Float32Array;
  /** As stored: images × channels × height × width. */
  readonly pixels: Uint8Array;
}

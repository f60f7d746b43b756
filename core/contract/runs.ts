import type { EvaluateViews } from '../catalogue/evaluate-views.ts';
import type { Failure } from '../failure.ts';
import type { StoredName } from '../figures/measured.ts';
import { runFigures } from '../figures/of-runs.ts';
import type { RunFigures } from '../figures/of-runs.ts';
import type { EpochFinished, WeightReport, WeightSource } from '../training/events.ts';
import type { Choice } from '../training/explain-choices.ts';
import type { Marker } from '../training/run-state.ts';
import type { Call } from './call.ts';

export interface RunCalls {
  'runs.list': Call<RunQuery, { readonly total: number; readonly runs: readonly RunSummary[] }>;
  /** Runs whose networks tell these very classes, newest first, at most `limit`. */
  'runs.fitting': Call<{ readonly classNames: readonly string[]; readonly limit: number }, readonly RunSummary[]>;
  'runs.get': Call<{ readonly run: string }, RunDetails>;
  'runs.epochs': Call<{ readonly runs: readonly string[] }, readonly RunEpochs[]>;
  'runs.steps': Call<StepQuery, readonly RunSteps[]>;
  'runs.update': Call<RunUpdate, void>;
  'runs.remove': Call<{ readonly runs: readonly string[] }, void>;
  /** The project as it was trained. `begun`: as the run began, where settings were changed while it was paused. */
  'runs.project': Call<
    { readonly run: string },
    { readonly name: string; readonly text: string; readonly begun: string | null }
  >;
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
  /** They are gone for good. */
  runsRemoved: { readonly runs: readonly string[] };
}

/** As the last step left them, or their average. Where nothing is chosen: those that are better on the test set. */
export type Weights = 'last' | 'averaged';

/** As stored; of a run under way nothing else is kept of its pauses than markers. */
export type StoredRunStatus = 'running' | 'finished' | 'interrupted' | 'failed';
export type RunStatus = StoredRunStatus | 'paused';

export const runSorts = [
  'created',
  'name',
  'project',
  'status',
  'epochsDone',
  ...runFigures.map(({ name }) => name),
] as const;

export interface RunQuery {
  /** Words that must all occur in id, name, project, tags, note, device or status. */
  readonly search?: string;
  readonly onlyStarred?: boolean;
  /** Runs of the project of exactly this name. */
  readonly project?: string;
  readonly sort?: { readonly by: (typeof runSorts)[number]; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
}

export interface RunSummary extends RunFigures {
  readonly id: string;
  /** Short and readable; no two runs have the same. */
  readonly name: string;
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
  /** What figures of the test set are of; null: the plain images. */
  readonly evaluateViews: EvaluateViews | null;
  /** Whether the network can be exported as a web page. */
  readonly suitsWebPage: boolean;
  /** With the seed, device and threads: what makes the run reproducible. torchwright, node, libtorch, cuda. */
  readonly versions: Readonly<Record<string, string>>;
  /** What was chosen for it on its machine, and why; empty of runs of versions that did not say. */
  readonly choices: readonly Choice[];
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

/** Columns of equal length, those of figures by name. */
export interface StepSeries {
  /** Optimizer steps of the whole run behind this point. */
  readonly step: Float64Array;
  /** NaN at steps where it was not measured; a figure that was never measured is absent. */
  readonly figures: { readonly [Name in StoredName]?: Float32Array };
}

export type { Marker } from '../training/run-state.ts';

export interface RunUpdate {
  readonly run: string;
  /** Refused where another run has it. */
  readonly name?: string;
  /** The project it is of, where that was renamed. */
  readonly project?: string;
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
  readonly predicted: Int32Array;
  /** Probability of the predicted class. */
  readonly confidences: Float32Array;
  /** As stored: images × channels × height × width. */
  readonly pixels: Uint8Array;
}

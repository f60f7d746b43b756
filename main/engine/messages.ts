import type { Failure } from '../../core/failure.ts';
import type { Averaging, EarlyStopping, Schedule } from '../../core/project/project.ts';
import type { EpochFinished, TrainingChanges, TrainingEvent, WeightSource } from '../../core/training/events.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { RateFinding, RateSweep } from '../../core/training/rate-finder.ts';
import type { TestView } from '../../core/training/test-views.ts';
import type { FoundMismatches } from '../evaluation/find-mismatches.ts';
import type { Addon, EngineDevice, Weights } from './addon.ts';

/** What the engine process is asked for. One process does one job and ends. */
export type EngineJob = InspectJob | TrainingJob | FindRateJob | PredictionJob | MismatchesJob | FirstStepJob;

export interface InspectJob {
  readonly kind: 'inspect';
}

export interface TrainingJob {
  readonly kind: 'train';
  readonly run: string;
  readonly project: string;
  /** Its device is not looked at: `device` is. */
  readonly plan: Plan;
  /** `auto`, `cpu`, `cuda`, `cuda:1`. */
  readonly device: string;
  readonly schedule: Schedule;
  readonly epochs: number;
  /** The run's folder of checkpoints. Training goes on from the last one in it, if there is any. */
  readonly checkpoints: string;
  /** Folder for what a generator makes after each epoch. */
  readonly pictures: string;
  /** Of adversarial training, where it has one of its own. */
  readonly discriminatorSchedule: Schedule | null;
  readonly earlyStopping: EarlyStopping | null;
  readonly averaging: Averaging | null;
  /** What a run that has no checkpoint yet begins with in the place of fresh weights. */
  readonly initialWeights: { readonly file: string; readonly from: WeightSource } | null;
}

export interface FindRateJob {
  readonly kind: 'findRate';
  readonly plan: Plan;
  readonly device: string;
  /** Directory of the checkpoint to begin from; null: from fresh weights. */
  readonly checkpoint: string | null;
  readonly sweep: RateSweep;
}

export interface PredictionJob {
  readonly kind: 'predict';
  readonly plan: Plan;
  readonly device: string;
  /** Directory of one checkpoint. */
  readonly checkpoint: string;
  readonly weights?: Weights;
  /** To average over; empty: each image is seen once, as it is. */
  readonly views: readonly TestView[];
  /** Also give the pixels of the images that the network gets wrong. */
  readonly withMismatches: boolean;
}

/** What the network of one checkpoint gets wrong, with the pixels of at most `limit` images. */
export interface MismatchesJob {
  readonly kind: 'mismatches';
  readonly plan: Plan;
  readonly device: string;
  /** Directory of one checkpoint. */
  readonly checkpoint: string;
  readonly weights?: Weights;
  readonly limit: number;
}

/** One step of training from fresh weights. */
export interface FirstStepJob {
  readonly kind: 'firstStep';
  readonly plan: Plan;
  readonly device: string;
  readonly schedule: Schedule;
  readonly epochs: number;
}

export interface FirstStep {
  /** Of the network; of adversarial training the generator's. */
  readonly parameters: number;
  readonly loss: number;
  /** Of adversarial training; else null. */
  readonly generatorLoss: number | null;
}

export interface EngineInspection {
  readonly versions: ReturnType<Addon['versions']>;
  readonly devices: readonly EngineDevice[];
}

export interface JudgedTestSet {
  readonly weights: Weights;
  readonly samples: number;
  readonly classes: number;
  readonly loss: number;
  /** Row-major samples × classes. */
  readonly probabilities: Float32Array;
  /** The same, averaged over the views; null where none were asked for. */
  readonly averaged: Float32Array | null;
  /** Empty of a regression. */
  readonly labels: Int32Array;
  /** Of a regression: row-major samples × targets, as the "probabilities" are then, the output itself; else null. */
  readonly targets: Float32Array | null;
  readonly mismatches: Mismatches | null;
}

/** Test images whose most probable class is not their label. */
export interface Mismatches {
  readonly indices: Int32Array;
  /** As stored: images × channels × height × width. */
  readonly pixels: Uint8Array;
}

export interface EngineResults {
  readonly inspect: EngineInspection;
  readonly train: { readonly state: 'finished' | 'interrupted' };
  readonly findRate: RateFinding;
  readonly predict: JudgedTestSet;
  readonly mismatches: FoundMismatches;
  readonly firstStep: FirstStep;
}

/** Host to engine. */
export type ToEngine =
  | { readonly type: 'job'; readonly job: EngineJob }
  /** Finish the step, save, end. */
  | { readonly type: 'stop' }
  /** Finish the step, save, wait for `continue` or `stop`. */
  | { readonly type: 'pause' }
  | { readonly type: 'continue'; readonly changes: TrainingChanges }
  /** After each epoch, at most this many; 0: none. */
  | { readonly type: 'watchMismatches'; readonly limit: number }
  /** The answer has arrived: the process may end. */
  | { readonly type: 'end' };

/** What a training tells beside its events. */
export type TrainingReport =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'versions'; readonly versions: EngineInspection['versions'] }
  /** The epochs that the checkpoint gone on from has behind it: what the index should hold. */
  | { readonly type: 'restored'; readonly epochs: readonly EpochFinished[] }
  | { readonly type: 'batchLosses'; readonly epoch: number; readonly losses: Float32Array }
  /** Of a findRate job: what has been found so far. */
  | { readonly type: 'rateFinding'; readonly finding: RateFinding }
  | { readonly type: 'mismatches'; readonly epoch: number; readonly mismatches: FoundMismatches };

export type { EpochFinished } from '../../core/training/events.ts';

export type FromEngine =
  | TrainingReport
  /** Every few seconds: the process still answers. */
  | { readonly type: 'alive' }
  | { readonly type: 'result'; readonly result: EngineResults[EngineJob['kind']] }
  | { readonly type: 'failed'; readonly failure: Failure };

import type { PlanTraining } from '../training/plan.ts';
import type { Call } from './call.ts';
import type { MismatchSet, Weights } from './runs.ts';

export interface EvaluationCalls {
  /**
   * What the network of a checkpoint says of every test sample. Kept with the run: the engine is asked once a
   * checkpoint, at a low priority.
   */
  'evaluation.predictions': Call<PredictionQuery, TestPredictions>;
  /** The most probable class of every test sample after each epoch of the training. */
  'evaluation.history': Call<{ readonly run: string; readonly weights: Weights }, PredictedHistory>;
  /** After the run's last epoch, as the training kept it: the engine is not asked. Null: nothing was kept. */
  'evaluation.mismatches': Call<{ readonly run: string; readonly limit: number }, MismatchSet | null>;
  /** Raw pixels of test images as stored, images × channels × height × width. Nothing of samples that are no images. */
  'evaluation.images': Call<{ readonly run: string; readonly indices: Int32Array }, Uint8Array>;
  /** Rows of a test table as the table has them, rows × columns. Nothing of samples that are no rows. */
  'evaluation.rows': Call<{ readonly run: string; readonly indices: Int32Array }, Float64Array>;
}

export interface PredictionQuery {
  readonly run: string;
  readonly checkpoint: 'last' | 'best';
  /** Absent: the average, where there is one. */
  readonly weights?: Weights;
  /** Also averaged over at most so many views of each image, as the recipe's augmentation makes them. */
  readonly views?: number;
}

export interface TestPredictions {
  readonly run: string;
  /** Of the checkpoint: whole epochs behind it, and steps of the next. */
  readonly epoch: number;
  readonly step: number;
  readonly weights: Weights;
  /** Whether the checkpoint has both kinds of weights. */
  readonly hasAverage: boolean;
  /** Empty of a regression. */
  readonly classNames: readonly string[];
  /** [channels, height, width]; else the samples are no images. */
  readonly inputShape: readonly number[];
  /** Whether the samples can be drawn. */
  readonly hasImages: boolean;
  /** Whether the recipe's augmentation makes other views of a test image, to be averaged over. */
  readonly hasViews: boolean;
  readonly samples: number;
  /** Of a regression the numbers told of each sample. */
  readonly classes: number;
  /** Mean over the samples by the recipe's loss. */
  readonly loss: number;
  /** Row-major samples × classes; of a regression what is told. */
  readonly probabilities: Float32Array;
  /** Averaged over `views` views of each image; null where that was not asked for. */
  readonly averaged: Float32Array | null;
  readonly views: number;
  /** What `loss` and `probabilities` are of. */
  readonly evaluateViews: PlanTraining['evaluateViews'];
  /** Empty of a regression. */
  readonly labels: Int32Array;
  /** Of a regression: row-major samples × targets. */
  readonly targets: Float32Array | null;
  /** Of a table; empty otherwise. */
  readonly columnNames: readonly string[];
  /** Of a table; empty otherwise. */
  readonly targetNames: readonly string[];
  /** Of a regression: means of the training targets; null where they are not known. */
  readonly targetMeans: readonly number[] | null;
  /** Null: not known, or each sample is a file. */
  readonly positions: SamplePositions | null;
  /** Where each sample was a file of its own: its path below the source of the data. */
  readonly files: readonly string[] | null;
  /** `loss` is of standardised targets; all else is in units of the targets. */
  readonly isTargetStandardised: boolean;
}

/** Where samples stand in the file that they were read from, so that they can be found there. */
export interface SamplePositions {
  readonly unit: PositionUnit;
  /** In the order of the samples. */
  readonly numbers: Int32Array;
}

/** line: of a text file, from 1. index: along the first dimension of an array, from 0. */
export type PositionUnit = 'line' | 'index';

export interface PredictedHistory {
  /** Those it is known of, in order. */
  readonly epochs: readonly number[];
  /** One a sample, for each epoch. */
  readonly predicted: readonly Uint16Array[];
  /** Of the predicted class, in parts of 65,535. */
  readonly confidences: readonly Uint16Array[];
}

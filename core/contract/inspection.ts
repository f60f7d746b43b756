import type { Augment, DataSettings, Normalise } from '../project/project.ts';
import type { Call } from './call.ts';

/** What can be seen of a data set that is here. */
export interface InspectionCalls {
  /**
   * Reads every sample once, in a process of its own; kept until the data change. Progress comes as `dataProgress`, and
   * `data.cancel` ends it, by the name of `inspectionName`.
   */
  'inspection.read': Call<DataChoice, DatasetInspection>;
  /** Likewise, by comparing all images with each other. Of images of bytes that fit into half a gigabyte. */
  'inspection.findAlike': Call<DataChoice, AlikeImages>;
  /** Raw pixels as stored, images × channels × height × width. Nothing of samples that are no images. */
  'inspection.images': Call<
    { readonly of: DataChoice; readonly split: SplitName; readonly indices: Int32Array },
    Uint8Array
  >;
  /** What training makes of some training images, by the engine's own code. */
  'inspection.augment': Call<AugmentQuery, AugmentedImages>;
  /** What the network of a run's best checkpoint says of every sample of a split. Kept with the run. */
  'inspection.judge': Call<{ readonly run: string; readonly split: SplitName }, JudgedSplit>;
}

export type SplitName = 'train' | 'test';

/** As a project names its data. */
export type DataChoice = Pick<DataSettings, 'source' | 'import'>;

/** The name under which the work of an inspection goes. */
export function inspectionName({ source }: DataChoice): string {
  return `inspecting ${source}`;
}

export interface DatasetInspection extends InspectedSamples {
  /** Of a table; else empty. */
  readonly columnNames: readonly string[];
}

/** What is kept of it until the data change. */
export interface InspectedSamples {
  /** [channels, height, width] of images. */
  readonly inputShape: readonly number[];
  /** bytes: pixels 0…255. */
  readonly values: 'bytes' | 'floats';
  /** Empty of a regression. */
  readonly classNames: readonly string[];
  /** Of a regression: numbers to tell of each sample; else 0. */
  readonly targets: number;
  readonly splits: Readonly<Record<SplitName, SplitInspection>>;
  /** Per channel or column, of the training samples; of bytes as fractions of 255. Of the population. */
  readonly statistics: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Least and greatest value of each channel or column, likewise. */
  readonly range: { readonly least: readonly number[]; readonly most: readonly number[] };
  /** Samples that are equal to the byte. */
  readonly duplicates: DuplicateFigures;
}

export interface SplitInspection {
  readonly samples: number;
  /** One a sample; empty of a regression. */
  readonly labels: Int32Array;
  /** In the order of the classes; empty of a regression. */
  readonly classCounts: readonly number[];
  /** Of a regression: samples × targets; else empty. */
  readonly targets: Float32Array;
  /** Of samples of two numbers, which are points in the plane: samples × 2; else empty. */
  readonly points: Float32Array;
}

export interface DuplicateFigures {
  /** The first of them: those of contradictory labels, then those of both splits, then the most alike. */
  readonly groups: readonly DuplicateGroup[];
  readonly total: number;
  /** Groups whose samples bear different labels. */
  readonly contradictory: number;
  /** Test samples that have an equal in the training samples, whatever their labels. */
  readonly testInTrain: number;
  /** Samples that repeat an earlier one of the same split. */
  readonly repeated: Readonly<Record<SplitName, number>>;
}

/** Pairs whose pixels are correlated, though not equal: the same picture lighter, or saved again. */
export interface AlikeImages extends DuplicateFigures {
  /** The least correlation (Pearson) of the pixels of a pair. All such pairs are found. */
  readonly least: number;
  /** Pictures left out, being nearly of one colour. */
  readonly flat: number;
}

export interface DuplicateGroup {
  /** Some of them where they are many. */
  readonly members: readonly DuplicateMember[];
  readonly size: number;
  /** Of the pixels of a pair; 1 of those that are equal to the byte. */
  readonly correlation: number;
  readonly isContradictory: boolean;
}

export interface DuplicateMember {
  readonly split: SplitName;
  readonly index: number;
  /** Of the user's data: line 67, index 5 or a file below the source. Absent: not known. */
  readonly address?: string;
  /** Null of a regression. */
  readonly label: number | null;
}

export interface AugmentQuery {
  readonly of: DataChoice;
  readonly normalise: Normalise;
  readonly augment: Augment;
  /** Of training images. */
  readonly indices: Int32Array;
  readonly seed: number;
}

export interface AugmentedImages {
  /** In the order of the indices: what a training would first see of each. */
  readonly images: Float32Array;
  /** Of each channel, which normalised the pixels 0…255: pixel · scale + offset. */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

export interface JudgedSplit {
  readonly run: string;
  /** Of the checkpoint: whole epochs behind it. */
  readonly epoch: number;
  readonly classes: number;
  /** Row-major samples × classes. */
  readonly probabilities: Float32Array;
  readonly labels: Int32Array;
}

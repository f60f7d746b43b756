import type { Blocks, NetworkNode } from '../network/tree.ts';

/** The project file: one readable JSON document. The same file opens in the window, trains, and lies in every run. */
export interface Project {
  readonly format: 'torchwright-project';
  readonly version: 1;
  readonly name: string;
  readonly description?: string;
  /** What the author of a published example reported; shown beside our own figures, never used in computation. */
  readonly reference?: Reference;
  readonly networks: { readonly main: NetworkNode };
  readonly blocks?: Blocks;
  readonly data: DataSettings;
  readonly recipe: Recipe;
}

export interface Reference {
  /** Fraction of right answers on the test set. */
  readonly accuracy?: number;
  /** In words, as published. */
  readonly reported?: string;
}

/** Images stay uint8; everything here happens per batch on the training device. */
export interface DataSettings {
  /** A known data set (`mnist`, `fashion-mnist`, `cifar10`) or a folder with its files. */
  readonly source: string;
  readonly normalise: Normalise;
  /** Applied to training images only, in this order: copies, crop, flip, cutout. */
  readonly augment?: Augment;
}

export type Normalise =
  /** x · scale + offset of the pixel 0…255: MNIST's `x / 127.5 - 1` is scale 1/127.5, offset -1. */
  | { readonly kind: 'affine'; readonly scale: number; readonly offset: number }
  /** (x / 255 - mean) / std per channel. Without figures: computed over the training images. */
  | { readonly kind: 'zscore'; readonly mean?: readonly number[]; readonly std?: readonly number[] };

export interface Augment {
  /** The set is doubled by the horizontally flipped images. */
  readonly flippedCopies?: boolean;
  /** Pad by `padding` on every side, cut a random window of the original size. `zeros` is black before normalisation. */
  readonly crop?: { readonly padding: number; readonly mode?: 'zeros' | 'reflect' | 'replicate' };
  readonly flip?: { readonly probability: number };
  /** A square of `size` pixels at a random centre set to zero after normalisation (DeVries and Taylor 2017). */
  readonly cutout?: { readonly size: number };
}

/** `kind` leaves room for adversarial training with two networks and two optimizers. */
export interface Recipe {
  readonly kind: 'supervised';
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batchSize: number;
  readonly evaluateBatchSize?: number;
  readonly epochs: number;
  /** Absent: drawn at the start and written into the run. */
  readonly seed?: number;
  /** Mini-batches whose gradients are averaged before one optimizer step. Default 1. */
  readonly accumulate?: number;
  readonly clip?: { readonly kind: 'norm' | 'value'; readonly at: number };
}

export type Loss =
  | { readonly type: 'CrossEntropy'; readonly labelSmoothing?: number; readonly classWeights?: readonly number[] }
  | { readonly type: 'NLL'; readonly classWeights?: readonly number[] }
  /** Classification by MSE and BCE compares with one-hot targets. */
  | { readonly type: 'MSE' }
  | { readonly type: 'BCE' }
  | { readonly type: 'BCEWithLogits' };

interface OptimizerCommon {
  readonly weightDecay?: number;
  /** Parameters not named by a group stay with the optimizer's own settings. */
  readonly groups?: readonly ParameterGroup[];
}

/** The learning rate is the schedule's, times the group's factor. */
export type Optimizer = OptimizerCommon &
  (
    | { readonly type: 'SGD'; readonly momentum?: number; readonly dampening?: number; readonly nesterov?: boolean }
    | {
        readonly type: 'Adam' | 'AdamW';
        readonly betas?: readonly [number, number];
        readonly eps?: number;
        readonly amsgrad?: boolean;
      }
    /** You et al. 2019, algorithm 2; `trustClip` bounds the trust ratio at 1. */
    | {
        readonly type: 'LAMB';
        readonly betas?: readonly [number, number];
        readonly eps?: number;
        readonly trustClip?: boolean;
      }
  );

export interface ParameterGroup {
  /** Which parameters: of these kinds and/or under these modules (parameter-name prefixes such as `3.body`). */
  readonly kinds?: readonly ('weight' | 'bias' | 'norm')[];
  readonly modules?: readonly string[];
  readonly learningRateFactor?: number;
  readonly weightDecay?: number;
}

/** A pure function from (epoch, step) to the learning rate; `rate` is the base rate. Steps are optimizer steps. */
export type Schedule = ScheduleShape & { readonly warmup?: Warmup };

/** Linear from `factor`·rate to the schedule's own rate. `fraction` of all steps, or `steps`, or `epochs`. */
export interface Warmup {
  readonly steps?: number;
  readonly epochs?: number;
  readonly fraction?: number;
  /** Default 0. */
  readonly factor?: number;
}

export type ScheduleShape =
  | { readonly type: 'Constant'; readonly rate: number }
  /** rate · gamma^floor(epoch / every). */
  | { readonly type: 'Step'; readonly rate: number; readonly every: number; readonly gamma: number }
  /** Half a cosine from rate to `floor` over all epochs, changing per epoch (`per: epoch`, k of n) or per step. `clampFloor`: max(floor, half cosine to 0), as the LAMB recipe has it. */
  | {
      readonly type: 'Cosine';
      readonly rate: number;
      readonly floor?: number;
      readonly clampFloor?: boolean;
      readonly per?: 'epoch' | 'step';
    }
  /** Loshchilov and Hutter 2017: cosine cycles with restart, per step; the first `length` epochs, each next `multiplier` times longer. */
  | {
      readonly type: 'CosineCycles';
      readonly rate: number;
      readonly length: number;
      readonly multiplier?: number;
      readonly floor?: number;
    }
  /** Epoch k has rates[k mod n]. */
  | { readonly type: 'List'; readonly rates: readonly number[] }
  /** From rate to `end` over all epochs, per step. */
  | { readonly type: 'Linear'; readonly rate: number; readonly end: number }
  /** Smith 2018, as torch.optim.lr_scheduler.OneCycleLR with two phases; `rate` is the peak. */
  | {
      readonly type: 'OneCycle';
      readonly rate: number;
      readonly percentageUp?: number;
      readonly div?: number;
      readonly finalDiv?: number;
      readonly anneal?: 'cosine' | 'linear';
    }
  /** Phases one after another, each with a length in epochs and its own shape over just those: fit(.1, 2), then cycles. */
  | { readonly type: 'Phases'; readonly phases: readonly { readonly epochs: number; readonly shape: ScheduleShape }[] };

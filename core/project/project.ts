import type { Shape } from '../catalogue/shape.ts';
import type { Blocks, Networks } from '../network/tree.ts';

/** The project file: one readable JSON document. The same file opens in the window, trains, and lies in every run. */
export interface Project {
  readonly format: 'torchwright-project';
  readonly version: 1;
  readonly name: string;
  readonly description?: string;
  /** What the author of a published example reported; shown beside our own figures, never used in computation. */
  readonly reference?: Reference;
  readonly networks: Networks;
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

export type Recipe = SupervisedRecipe | AdversarialRecipe;

interface RecipeCommon {
  /** Of adversarial training the generator's, and the discriminator's where that has none of its own. */
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batchSize: number;
  readonly epochs: number;
  /** Absent: drawn at the start and written into the run. */
  readonly seed?: number;
}

/**
 * Goodfellow et al. 2014: the generator, `networks.main`, makes images of noise, and `networks.discriminator` tells
 * them from real ones. Each iteration: the discriminator's gradients of a batch of real images, with targets drawn
 * uniformly between `realTargets`, and of as many generated ones with target 0 are added for its step; then the
 * generator's gradients through the discriminator's verdict on the same images with target 1 for its own.
 */
export interface AdversarialRecipe extends RecipeCommon {
  readonly kind: 'adversarial';
  /** Shape of one sample of noise, normally distributed: [100, 1, 1]. */
  readonly noise: readonly number[];
  /** Both networks get the number of the class as a second input. Mirza and Osindero 2014. */
  readonly conditional?: boolean;
  readonly loss: { readonly type: 'BCE' } | { readonly type: 'BCEWithLogits' };
  /** Default 1 and 1. */
  readonly realTargets?: readonly [least: number, most: number];
  readonly discriminatorOptimizer?: Optimizer;
  readonly discriminatorSchedule?: Schedule;
  /** Of an epoch; absent: once through the training images. */
  readonly iterations?: number;
}

export interface SupervisedRecipe extends RecipeCommon {
  readonly kind: 'supervised';
  readonly loss: Loss;
  readonly evaluateBatchSize?: number;
  /** Mini-batches whose gradients are averaged before one optimizer step. Default 1. */
  readonly accumulate?: number;
  readonly clip?: { readonly kind: 'norm' | 'value'; readonly at: number };
  /** Default float32. */
  readonly precision?: Precision;
  /** The factor of float16's losses; absent: found while training, as torch.amp.GradScaler does. */
  readonly lossScale?: number;
  readonly earlyStopping?: EarlyStopping;
  readonly averaging?: Averaging;
}

/**
 * What products and convolutions are computed in (torch.autocast's lists): weights, norms, losses and the optimizer
 * stay float32. float16 needs a GPU.
 */
export type Precision = 'float32' | 'bfloat16' | 'float16';

/** Ends the training when the test set's figure has not improved for `patience` epochs. The best epoch's weights are kept. */
export interface EarlyStopping {
  readonly metric: 'testLoss' | 'testAccuracy';
  /** Epochs. */
  readonly patience: number;
  /** What counts as an improvement; default: anything. Accuracy as a fraction. */
  readonly minimumChange?: number;
}

/**
 * A second set of weights beside those that are trained: their average, evaluated and kept along with them. As
 * torch.optim.swa_utils.AveragedModel: the first weights are copied, later ones mixed in.
 */
export type Averaging = {
  /**
   * Running statistics of batch norms: `recomputed` over the training data whenever the average is to be used
   * (torch.optim.swa_utils.update_bn), or `averaged` like the weights. Default recomputed for swa, averaged for ema.
   */
  readonly norms?: 'recomputed' | 'averaged';
} & (
  | {
      /**
       * Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization": the equal average
       * of the weights after `fromEpoch` epochs and after every later one.
       */
      readonly kind: 'swa';
      readonly fromEpoch: number;
      /** Whether the rate stays from there on what it is at the first step. Default true. */
      readonly holdRate?: boolean;
    }
  /** After every optimizer step: average = decay · average + (1 - decay) · weights. */
  | { readonly kind: 'ema'; readonly decay: number }
);

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

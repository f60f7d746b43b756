import type { EvaluateViews } from '../catalogue/evaluate-views.ts';
import type { WrittenAugment } from '../catalogue/augmentations/augmentations.ts';
import type { Blocks, Networks } from '../network/tree.ts';
import type { ImportSettings } from './import-settings.ts';
import type { Loss } from './loss.ts';
import type { Optimizer } from './optimizer.ts';
import type { Schedule } from './schedule.ts';

export type { ImportSettings } from './import-settings.ts';
export type { Loss } from './loss.ts';
export type { Optimizer, ParameterGroup } from './optimizer.ts';
export type { Schedule, ScheduleShape, Warmup } from './schedule.ts';

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

/** Images stay uint8; normalising and augmenting happen per batch on the training device. */
export interface DataSettings {
  /**
   * A known data set (`mnist`, `spirals`, …), a folder with the files of one, or data of one's own: a folder with a
   * folder of images for each class, a table (.csv), NumPy's arrays (.npz, x.npy and y.npy). Empty: not chosen yet;
   * such a project can be designed and saved, not trained.
   */
  readonly source: string;
  readonly import?: ImportSettings;
  readonly normalise: Normalise;
  /**
   * Of a regression: the network learns (target − mean) / deviation, which suits every learning rate better; what it
   * predicts is scaled back. Absent: yes.
   */
  readonly standardiseTargets?: boolean;
  /** Applied to training images only. */
  readonly augment?: Augment;
}

export type Normalise =
  /** Pixels 0…255 and numbers as they are: for an Embedding, which takes whole numbers. */
  | { readonly kind: 'none' }
  /** x · scale + offset of the pixel 0…255 or the number as it is: MNIST's `x / 127.5 - 1` is scale 1/127.5, offset -1. */
  | { readonly kind: 'affine'; readonly scale: number; readonly offset: number }
  /** (x / 255 - mean) / std per channel; (x - mean) / std per column of a table. Without figures: of the training samples. */
  | { readonly kind: 'zscore'; readonly mean?: readonly number[]; readonly std?: readonly number[] };

/** Options are those of `core/catalogue/augmentations`. */
export type Augment = WrittenAugment;

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
  /**
   * What the network computes of a test image: the mean of its outputs for several views. `mirrored`: the image and its
   * mirror image. `mirroredAndShifted`: one half of that, and one half of the same for the image moved by one pixel
   * along a diagonal, either way, with a border by reflection: six views. Absent: the image alone. Jordan 2024, arXiv
   * 2404.00498, section 3.5.
   */
  readonly evaluateViews?: EvaluateViews;
  /**
   * Whether the last batch of an epoch is left out where it is not full: drop_last of PyTorch's DataLoader. Default
   * false.
   */
  readonly dropLast?: boolean;
  /** Mini-batches whose gradients are averaged before one optimizer step. Default 1. */
  readonly accumulate?: number;
  readonly clip?: { readonly kind: 'norm' | 'value'; readonly at: number };
  /**
   * Default float32. `auto`: float32 or bfloat16, as is faster on the machine that begins the run, which measures it and
   * stores with the run what was decided (core/training/decide-precision.ts).
   */
  readonly precision?: Precision | 'auto';
  /** The factor of float16's losses; absent: found while training, as torch.amp.GradScaler does. */
  readonly lossScale?: number;
  /**
   * Whether images and the weights of two-dimensional convolutions lie in memory with the channels of a pixel beside one
   * another (torch.channels_last). It changes the order of sums and which numbers a dropout draws for which element,
   * not what is computed. Absent: where there is such a convolution. On the CPU steps of mnist-conv were 1.35 times as
   * quick by it (median of 9 pairs), those of cifar10-resnet18 1.2 times (of 6), one thread of a busy machine.
   */
  readonly channelsLast?: boolean;
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
 * torch.optim.swa_utils.AveragedModel: the first weights are copied, later ones mixed in. Only with `lookahead` the
 * average has an effect on the training.
 */
export type Averaging = {
  /**
   * Running statistics of batch norms: `recomputed` over the training data whenever the average is to be used
   * (torch.optim.swa_utils.update_bn), or `averaged` like the weights. Default recomputed for swa, averaged else.
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
  | {
      /**
       * Zhang et al. 2019, "Lookahead optimizer: k steps forward, 1 step back": the average are slow weights, which begin
       * as the initial ones. After every `every` steps slow = decay · slow + (1 - decay) · weights, and training goes on
       * from the slow weights. The decay of a step is `decay` · (steps so far / steps of the training) to the power of
       * `ramp`.
       */
      readonly kind: 'lookahead';
      readonly every: number;
      readonly decay: number;
      /** Default 0: the same decay at every step. */
      readonly ramp?: number;
    }
);

import type { EvaluateViews } from '../catalogue/evaluate-views.ts';
import type { DecidedAugment } from '../catalogue/augmentations/augmentations.ts';
import type { Initialiser, JoinKind, RecurrentOutput } from '../network/tree.ts';
import type { TargetScaling } from './plan-targets.ts';
import type { Loss, Optimizer, Precision } from '../project/project.ts';

/**
 * What the engine is given: a project with everything decided. Blocks expanded, Repeats with own weights
 * unrolled, every option filled in (defaults, inferred sizes), parameter names fixed. `core/training/make-plan.ts`
 * makes it from a project; the engine and the small executable read it as JSON and add no rules of their own.
 */
export interface Plan {
  readonly planVersion: 1;
  readonly network: PlanNode;
  /** Of one sample, without the batch: [channels, height, width]. */
  readonly inputShape: readonly number[];
  readonly data: PlanData;
  readonly training: PlanTraining;
  readonly adversarial: PlanAdversarial | null;
  /** `cpu` or `cuda:0`. Never `auto` here. */
  readonly device: string;
  /** Threads libtorch computes with on the CPU; 0: its own choice. */
  readonly threads: number;
  readonly seed: number;
}

export interface PlanNodeCommon {
  /** Where this stands in the project, for messages: `networks.main.children[3].body.children[0]`. */
  readonly path: string;
  /** Prefix of the parameter names in the state dict, as PyTorch would have it: `3.body.0`; empty for the root. */
  readonly key: string;
}

export type PlanNode =
  | (PlanNodeCommon & { readonly type: 'Sequential'; readonly children: readonly PlanNode[] })
  | (PlanNodeCommon & {
      readonly type: 'Residual';
      readonly body: PlanNode;
      readonly shortcut: PlanNode | null;
      readonly after: PlanNode | null;
    })
  | (PlanNodeCommon & {
      readonly type: 'Fork' | 'Join';
      readonly branches: readonly PlanNode[];
      readonly join: { readonly kind: JoinKind; readonly dim: number };
    })
  /** Only the shared kind; copies with own weights are a Sequential. */
  | (PlanNodeCommon & { readonly type: 'Repeat'; readonly count: number; readonly body: PlanNode })
  | (PlanNodeCommon & {
      readonly type: 'Recurrent';
      readonly before: PlanNode | null;
      /** An RNN, a GRU or an LSTM. */
      readonly body: PlanNode;
      readonly after: PlanNode | null;
      readonly handsOn: readonly RecurrentOutput[];
      readonly carry: boolean;
    })
  | (PlanNodeCommon & { readonly type: 'Transform'; readonly training: PlanNode; readonly evaluation: PlanNode })
  | (PlanNodeCommon & { readonly type: 'NBeats'; readonly children: readonly PlanNode[] })
  | PlanLayer;

export type PlanOptionValue = number | string | boolean | null | readonly number[];

export interface PlanLayer extends PlanNodeCommon {
  readonly type: 'Layer';
  /** Catalogue name: `Conv2d`. */
  readonly layer: string;
  /** Every option of the catalogue entry, none missing; pairs written as two numbers. */
  readonly options: Readonly<Record<string, PlanOptionValue>>;
  /** The rules that hold for this layer's own parameters, nearest first resolved: at most one a kind, with every option of its method. */
  readonly initialise: readonly Initialiser[];
  readonly frozen: boolean;
}

export type SplitFiles =
  | { readonly format: 'idx'; readonly images: string; readonly labels: string }
  | { readonly format: 'cifar10'; readonly files: readonly string[] }
  /** Two .npy files as an import writes them: samples, and their labels or targets. */
  | {
      readonly format: 'arrays';
      readonly inputs: string;
      readonly targets: string;
      /** Of a regression: the same less their mean, by their deviation. A plan that wants them has them as `targets`. */
      readonly standardTargets?: string;
    };

export interface PlanData {
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  /** 0: a regression. */
  readonly classes: number;
  /** Of a regression: numbers to tell of each sample. */
  readonly targets?: number;
  /** Of a regression whose targets are standardised: undoes that. The engine computes with standardised targets only. */
  readonly targetScaling?: TargetScaling;
  /** Of a regression: means of the training targets, where they are known. */
  readonly targetMeans?: readonly number[];
  /** What was subtracted from each column before it was stored; absent: nothing. `normalise` is of stored values. */
  readonly origins?: readonly number[];
  readonly normalise:
    | { readonly kind: 'affine'; readonly scale: readonly number[]; readonly offset: readonly number[] }
    /** Mean and standard deviation of x/255 per channel are computed over the training images. */
    | { readonly kind: 'computed' };
  /** What is not there is not done. */
  readonly augment: DecidedAugment;
  /** false: batches in the order of the file (tests, comparisons). */
  readonly shuffle: boolean;
}

/** All options that the type has, with defaults filled in, by their names in the project. */
export type PlanLoss = { readonly type: Loss['type'] } & Readonly<
  Record<string, number | boolean | string | readonly number[]>
>;

export interface PlanTraining {
  readonly loss: PlanLoss;
  readonly optimizer: {
    readonly type: Optimizer['type'];
    /** All options that the type has, with defaults filled in and PyTorch's names: momentum, betas, max_iter … */
    readonly options: Readonly<Record<string, number | boolean | string | null | readonly number[]>>;
    /** Every trainable parameter stands in exactly one group. */
    readonly groups: readonly {
      readonly parameters: readonly string[];
      readonly learningRateFactor: number;
      readonly weightDecay: number;
      /** After so many epochs they are not trained. The engine is told with each epoch: see `group-rates.ts`. */
      readonly untilEpoch?: number;
      /** Their schedule runs over these epochs. */
      readonly wholeSchedule?: true;
      /** Muon only: which of the two updates these parameters. */
      readonly method?: 'Muon' | 'AdamW' | 'SGD';
    }[];
  };
  readonly batchSize: number;
  readonly evaluateBatchSize: number;
  /** What the outputs for a sample of the test set are averaged over. */
  readonly evaluateViews: 'plain' | EvaluateViews;
  readonly accumulate: number;
  /** The last batch of an epoch is left out where it is not full. */
  readonly dropLast: boolean;
  readonly clip: { readonly kind: 'norm' | 'value'; readonly at: number } | null;
  readonly precision: Precision;
  /** Of float16; null: found while training. */
  readonly lossScale: number | null;
  /** null: where there is a two-dimensional convolution. */
  readonly channelsLast: boolean | null;
  readonly averaging: PlanAveraging | null;
}

/** Adversarial training: the plan's own network is the generator. See AdversarialRecipe. */
export interface PlanAdversarial {
  readonly discriminator: PlanNode;
  /** Shape of one sample of noise. */
  readonly noise: readonly number[];
  readonly conditional: boolean;
  readonly realTargets: readonly [least: number, most: number];
  /** The discriminator's. */
  readonly optimizer: PlanTraining['optimizer'];
  /** Of an epoch; null: once through the training images. */
  readonly iterations: number | null;
}

export type PlanAveraging =
  /** The weights join where TrainRequest says so. */
  | { readonly kind: 'swa'; readonly norms: 'recomputed' | 'averaged' }
  | { readonly kind: 'ema'; readonly decay: number; readonly norms: 'recomputed' | 'averaged' }
  /** Likewise. */
  | { readonly kind: 'lookahead'; readonly norms: 'recomputed' | 'averaged' };

import type { Weights } from '../../core/contract/runs.ts';

/**
 * The Node-API addon as TypeScript sees it. Implemented in native/src/addon. What it throws, or rejects with, is an Error
 * with the fields `code` and, where there is one, `at` of a Failure.
 */

import type { DecidedAugment } from '../../core/catalogue/augmentations/augmentations.ts';
import type { SampleTensor } from '../../core/export/subject.ts';
import type { Measured } from '../../core/figures/measured.ts';
import type { StepFigureName } from '../../core/figures/of-steps.ts';
import type { Precision } from '../../core/project/project.ts';
import type { WeightReport } from '../../core/training/events.ts';
import type { FoundDivergence } from '../../core/training/explain-divergence.ts';
import type { GroupRates } from '../../core/training/group-rates.ts';
import type { FoundLosses } from '../../core/training/rate-finder.ts';
import type { ProfiledSteps, StepTimes } from '../../core/training/step-profile.ts';

export interface Addon {
  versions(): {
    readonly libtorch: string;
    readonly cuda: string | null;
    readonly openmp: boolean;
    readonly cpuCapability: string;
    /** What the processor can compute with, by libtorch's names: avx2, avx512_bf16, amx_bf16, neon … */
    readonly instructions: readonly string[];
  };
  devices(): readonly EngineDevice[];
  /** Builds the network, loads the data. `planJson` is a core Plan as JSON. */
  createSession(planJson: string): Promise<EngineSession>;
  /**
   * One module alone, forward and back, for tests and for looking at it. Weights are initialised from the seed.
   * Throws where libtorch refuses.
   */
  computeModule(planNodeJson: string, question: ModuleQuestion): ModuleAnswer;
  /**
   * A fresh epoch over a few images, drawn from `seed`, by the code that makes the batches of a training: for looking
   * at. `shape` is [channels, height, width], `settingsJson` an AugmentSettings.
   */
  augmentImages(pixels: Uint8Array, shape: readonly number[], settingsJson: string, seed: number): AugmentedEpoch;
  /**
   * One loss alone, back from the sum of what it gives: for tests, and for what no data set feeds yet. `lossJson` is a
   * core PlanLoss, whose reduction may here also be `none`. `inputs` is what gradients are taken of: one tensor, two of a
   * pair, three of a triplet; `targets` what it is compared with, for CTC the labels, the lengths of the inputs and
   * those of the labels.
   */
  computeLoss(lossJson: string, inputs: readonly LossTensor[], targets: readonly LossTensor[]): LossAnswer;
  /**
   * The loss scale of float16 alone, for tests where there is no GPU: steps with these gradients one after another, each
   * through a scaled loss. `fixed`: a scale that stays.
   */
  scaleLosses(gradients: Float32Array, fixed?: number): ScaledSteps;
  /**
   * A network in evaluation on the CPU, with weights of a safetensors file. `isTraced`: also what each layer and each
   * join made, in the order in which they compute.
   */
  runNetwork(
    planNodeJson: string,
    weightsFile: string,
    inputs: readonly SampleTensor[],
    isTraced: boolean,
  ): Promise<TracedOutputs>;
  /** The same, and what of one sample spoke for a class; without a class for the one with the largest score. */
  explainNetwork(
    planNodeJson: string,
    weightsFile: string,
    inputs: readonly SampleTensor[],
    target?: number,
  ): Promise<Explanation>;
  /** Makes a TorchScript module of a core ScriptModule as JSON and saves it; `notesJson`: texts by name that lie in the file. */
  writeTorchScript(moduleJson: string, weightsFile: string, file: string, notesJson: string): Promise<void>;
  /** Loads a TorchScript file by libtorch's own loader. Of modules that keep what they made only keys are known. */
  runTorchScript(file: string, inputs: readonly SampleTensor[]): Promise<TracedOutputs>;
}

export interface TracedOutputs {
  readonly outputs: readonly SampleTensor[];
  readonly modules: readonly {
    readonly path: string;
    readonly key: string;
    readonly type: string;
    readonly outputs: readonly SampleTensor[];
  }[];
}

export interface Explanation extends TracedOutputs {
  /** The class that was asked about. */
  readonly target: number;
  /** Derivative of its score by the sample, in the sample's shape. */
  readonly saliency: Float32Array;
  /** Beside `modules`: Grad-CAM, [height, width], at those that give a picture of channels. */
  readonly maps: readonly (SampleTensor | null)[];
}

/** Of a plan's data. */
export interface AugmentSettings {
  readonly augment: DecidedAugment;
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  readonly shuffle: boolean;
}

/** One entry a position: with flipped copies there are twice as many as images. */
export interface AugmentedEpoch {
  /** Which image, counted from 0; numbers beyond the images mean the flipped copy. */
  readonly order: Int32Array;
  /** Normalised, positions × channels × height × width. */
  readonly images: Float32Array;
}

export interface LossTensor {
  readonly shape: readonly number[];
  /** Whole numbers are classes and lengths. */
  readonly data: Float32Array | Int32Array;
}

export interface LossAnswer {
  readonly shape: readonly number[];
  readonly loss: Float32Array;
  /** One for each input. */
  readonly gradients: readonly Float32Array[];
}

/** One entry a step. */
export interface ScaledSteps {
  /** After the step. */
  readonly scales: readonly number[];
  /** 1 where the step is taken, 0 where it is left out. */
  readonly isFinite: readonly number[];
  /** Scaled down again. */
  readonly gradients: Float32Array;
}

export interface ModuleQuestion {
  /** With the batch. */
  readonly shape: readonly number[];
  readonly input: Float32Array;
  /** Of a module that takes several tensors, those after the first. */
  readonly others?: readonly { readonly shape: readonly number[]; readonly input: Float32Array }[];
  readonly training: boolean;
  readonly seed: number;
  readonly threads: number;
  /** Of the forward pass; absent: float32. */
  readonly precision?: Precision;
}

/** Of a module that gives several tensors the first one. */
export interface ModuleAnswer {
  readonly shape: readonly number[];
  readonly output: Float32Array;
  /** Of the sum of all outputs. */
  readonly inputGradient: Float32Array;
  /** One for each of the others, in their order. */
  readonly otherGradients: readonly Float32Array[];
}

export interface EngineDevice {
  /** `cpu`, `cuda:0`. */
  readonly id: string;
  readonly name: string;
  /** Bytes; null where not known. */
  readonly totalMemory: number | null;
  readonly freeMemory: number | null;
}

export interface SessionDescription {
  readonly device: string;
  readonly deviceName: string;
  readonly threads: number;
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly trainable: boolean;
  }[];
  readonly buffers: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** After copies: what one epoch goes through. */
  readonly trainSamples: number;
  readonly testSamples: number;
  /** Optimizer steps of one epoch. */
  readonly stepsPerEpoch: number;
  /** Normalisation in use: pixel · scale + offset per channel. */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** How images and the weights of two-dimensional convolutions lie in memory. */
  readonly channelsLast: boolean;
  /** Whether there are averaged weights. */
  readonly hasAverage: boolean;
}

export interface TrainRequest {
  /** One rate per optimizer step of the whole epoch. */
  readonly learningRates: Float64Array;
  /** Of adversarial training, the discriminator's; absent: the same. */
  readonly discriminatorRates?: Float64Array;
  /** Of groups of parameters that follow rates of their own, or are not trained in this epoch. */
  readonly groupRates?: readonly GroupRates[];
  readonly discriminatorGroupRates?: readonly GroupRates[];
  /** Of lookahead, one share per optimizer step of the whole epoch. */
  readonly lookAheadShares?: Float64Array;
  /** Return with `paused` after about this long, or this many optimizer steps; the epoch goes on at the next call. */
  readonly maxSeconds?: number;
  readonly maxSteps?: number;
  /** The weights that the epoch ends with join the average: for `swa`; `ema` and `lookahead` take theirs by themselves. */
  readonly average?: boolean;
}

export interface FindRateRequest {
  /** One a step, from the lowest to the highest. */
  readonly learningRates: Float64Array;
  /** Groups without rates stay as they are; others follow the sweep. */
  readonly groupRates?: readonly GroupRates[];
  /** Share of the past in the smoothed loss. */
  readonly smoothing: number;
  /** It ends where the smoothed loss is so many times the least one. */
  readonly cutOff: number;
}

export interface ProfileRequest extends ProfiledSteps {
  readonly learningRate: number;
  /** Only read in adversarial training. */
  readonly discriminatorRate: number;
}

/** Figures of the samples of this epoch so far, and of the step reported. */
export type EpochProgress = Measured & {
  /** Optimizer steps done in this epoch, of `steps`. */
  readonly step: number;
  readonly steps: number;
  readonly samples: number;
  /** Over the time since the last report. */
  readonly samplesPerSecond: number;
} & {
  /**
   * Those of the step reported (on a GPU some are of the report before, so that nothing waits for them), at the end of
   * the epoch or of `maxSteps` of the last step. Absent before the first one.
   */
  readonly [Name in StepFigureName]?: number;
};

export type TrainOutcome = EpochProgress & {
  /** `diverged`: the loss of step `step` + 1 was not finite; weights are those before that step. */
  readonly state: 'finished' | 'paused' | 'interrupted' | 'diverged';
  /** Seconds spent training in this epoch, all calls together. */
  readonly seconds: number;
  /** Loss of each batch of the epoch so far. */
  readonly batchLosses: Float32Array;
  /** Of adversarial training, likewise. */
  readonly generatorLosses?: Float32Array;
};

/** Of adversarial training: both networks' losses on the images of the split and as many made ones. */
export type EvaluateOutcome = Measured & {
  readonly samples: number;
  readonly interrupted: boolean;
  /** What was said of every sample; null of adversarial training and where it was interrupted. */
  readonly predictions: Predictions | null;
};

export interface Predictions {
  readonly samples: number;
  readonly classes: number;
  /** Row-major samples × classes, probabilities by softmax of the output (or exp of log-softmax). */
  readonly probabilities: Float32Array;
  /** Empty of a regression. */
  readonly labels: Int32Array;
  /** Of a regression: row-major samples × targets, as are the "probabilities" then, the output itself; else null. */
  readonly targets: Float32Array | null;
  /** Mean loss over the samples by the recipe's loss. */
  readonly loss: number;
}

export type { Weights } from '../../core/contract/runs.ts';

/** All methods but describe and interrupt run on the session's own native thread, one after another. */
export interface EngineSession {
  describe(): SessionDescription;
  /** Starts an epoch, or goes on with the one begun (also after loadCheckpoint). */
  train(request: TrainRequest, onProgress?: (progress: EpochProgress) => void): Promise<TrainOutcome>;
  /** `weights` here and below: those of the last step where nothing is said. Rejects where there is no average yet. */
  evaluate(split: 'train' | 'test', weights?: Weights): Promise<EvaluateOutcome>;
  predict(split: 'train' | 'test', weights?: Weights): Promise<Predictions>;
  /**
   * Row-major samples × classes: means of the probabilities over several views of each image. Three numbers a view:
   * 1 or 0 for mirrored or not, and the shift in pixels down and to the right.
   */
  predictViews(split: 'train' | 'test', views: Int32Array, weights?: Weights): Promise<Float32Array>;
  /**
   * Trains with a rate for each step and looks at the loss, then puts everything back as it was, to the last bit:
   * weights, optimizer, average, position, order and generators.
   */
  findRate(request: FindRateRequest, onProgress?: (found: FoundLosses) => void): Promise<FoundLosses>;
  /** Trains real steps, every second one with a profile. Nothing is put back: the session can only be closed afterwards. */
  profile(request: ProfileRequest): Promise<StepTimes>;
  /** The first samples of a split as the network gets them, and their labels; null of a regression. */
  samples(split: 'train' | 'test', count: number): Promise<SampleTensor & { readonly labels: Int32Array | null }>;
  /** Of adversarial training: standard normal noise for so many samples, the same from the same seed. */
  drawNoise(samples: number, seed: number): Promise<Float32Array>;
  /**
   * Images that the generator makes of noise, samples × channels × height × width, as the network gives them. `classes`:
   * one a sample where the recipe is conditional.
   */
  generate(noise: Float32Array, classes?: Int32Array): Promise<Float32Array>;
  /**
   * Why the loss of the last `train` or `evaluate` was not finite, found by computing its batch once more. It changes
   * running statistics and generators: the session can only be closed afterwards.
   */
  findDivergence(split: 'train' | 'test', weights?: Weights): Promise<FoundDivergence>;
  /** Raw pixels, samples × channels × height × width, as stored. */
  images(split: 'train' | 'test', indices: Int32Array): Promise<Uint8Array>;
  /**
   * The first `count` training images of a fresh epoch drawn from `seed`, as the network gets them: normalised floats,
   * samples × channels × height × width. `byTensorOperations`: by the way that other devices take, instead of the
   * CPU's own; both must agree.
   */
  sampleBatch(count: number, seed: number, byTensorOperations: boolean): Promise<Float32Array>;
  /** Takes effect within one step: train and evaluate return early. */
  interrupt(): void;
  /**
   * Writes `directory` with model.safetensors (weights by PyTorch's names), averaged.safetensors (the same of the
   * average, where there is one) and state.safetensors (optimizer, position, permutation, generators, metrics of the
   * epoch so far). Written under another name, synced, renamed:
   * the directory exists whole or not at all. It must not exist yet. `metadata` comes back from loadCheckpoint.
   */
  saveCheckpoint(directory: string, metadata: string): Promise<void>;
  loadCheckpoint(directory: string): Promise<string>;
  saveWeights(file: string, weights?: Weights): Promise<void>;
  /** Of adversarial training. */
  saveDiscriminator(file: string): Promise<void>;
  /** By name; every parameter and buffer must be there with its shape. */
  loadWeights(file: string): Promise<void>;
  /** Takes what has the same name and shape; the rest stays as it was. */
  loadMatchingWeights(file: string): Promise<WeightReport>;
  /** Frees everything; further calls reject. */
  close(): Promise<void>;
}

import type { ResolvedNode } from '../network/resolved.ts';
import type { NetworkName } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import type { TargetMapping } from '../training/plan-targets.ts';
import type { StoredTensor } from '../weights/stored-tensor.ts';

export const exportFormats = ['onnx', 'safetensors', 'torchscript', 'state-dict', 'python', 'html'] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** What an exporter makes files of: the networks of one checkpoint with all that their users need to know. */
export interface ExportSubject {
  readonly project: Project;
  readonly run: string;
  /** Epochs that the weights were trained for, and which of them these are. */
  readonly checkpoint: {
    readonly which: string;
    readonly epoch: number;
    readonly step: number;
    readonly weights: 'last' | 'averaged';
  };
  /** `main`, and of adversarial training, whose `main` is the generator, the discriminator. */
  readonly networks: readonly [ExportNetwork, ...ExportNetwork[]];
  /** Empty of a regression. */
  readonly classNames: readonly string[];
  /** Of a table; empty otherwise. */
  readonly columnNames: readonly string[];
  /** Of a table; empty otherwise. */
  readonly targetNames: readonly string[];
  /**
   * Of a regression that was trained on standardised targets: what the network's own output becomes, output · scale +
   * offset. Exports do that themselves, and `outputs` below have it behind them.
   */
  readonly targetMapping: TargetMapping | null;
  readonly preprocessing: Preprocessing;
  /** Of the whole test set, as measured when the run was trained; null where it was not. Fractions, not percent. */
  readonly measured: { readonly loss: number; readonly accuracy: number | null } | null;
  /** Of a regression, on the same samples; absent: not known, or a network that tells classes. */
  readonly targetErrors?: readonly TargetErrors[];
}

/** How far the predictions of one target are off. */
export interface TargetErrors {
  readonly name: string;
  /** Null: not known, or all targets are the same. */
  readonly r2: number | null;
  /** In the unit of the target. */
  readonly rootMeanSquare: number;
}

/** How a stored sample becomes the network's input: x · scale + offset, for each channel or column. */
export interface Preprocessing {
  /** Of one sample: [channels, height, width]. */
  readonly shape: readonly number[];
  /** Whether stored samples are bytes 0…255, as pixels are; else they are floats. */
  readonly isBytes: boolean;
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** Numbers far from zero that differ little: 32 bits do not tell them apart, so that it takes 64 to preprocess them. */
  readonly needsDouble?: boolean;
}

export interface ExportNetwork {
  readonly name: NetworkName;
  /** Everything decided: expanded Blocks, options filled in, names of parameters. */
  readonly resolved: ResolvedNode;
  /** Parameters and buffers by PyTorch's names, in the order of `state_dict()`. */
  readonly tensors: readonly StoredTensor[];
  /** One for each tensor that the network takes, in this order. */
  readonly inputs: readonly NetworkInput[];
  /** What the engine makes of the inputs of all samples in evaluation mode; nearly always one tensor. */
  readonly outputs: readonly SampleTensor[];
  /** What the samples are: of a network that tells classes; else null. */
  readonly labels: Int32Array | null;
}

export interface NetworkInput {
  /** `input`; of adversarial training `noise`, `image`, `class`. */
  readonly name: string;
  /** Test samples (at most a hundred) as the network gets them: preprocessed, float32, [samples, …]. */
  readonly samples: SampleTensor;
  /** The same before preprocessing, [samples, …] bytes; null where there is none. */
  readonly bytes: Uint8Array | null;
}

export interface SampleTensor {
  /** With the batch. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

import type { Call } from './call.ts';

export interface WeightCalls {
  /**
   * The state dicts that a file holds: safetensors or the index of its shards, a checkpoint of PyTorch's, or ONNX made
   * here. Only names and shapes are read, and nothing of it is run.
   */
  'weights.read': Call<{ readonly file: string }, { readonly entries: readonly NamedShapes[] }>;
}

/** A tensor as PyTorch names it. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A state dict of a file; its name is empty where the whole file is one. */
export interface NamedShapes {
  readonly name: string;
  readonly tensors: readonly NamedShape[];
}

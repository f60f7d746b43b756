import type { Call } from './call.ts';

export interface WeightCalls {
  /** What tensors a file holds: safetensors, a state dict of tensors alone, or ONNX made here. Nothing of it is run. */
  'weights.read': Call<{ readonly file: string }, { readonly tensors: readonly NamedShape[] }>;
}

/** A tensor as PyTorch names it. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

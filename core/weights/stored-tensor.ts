/** A tensor as it lies in a file: raw bytes, little-endian, row-major. */
export interface StoredTensor {
  /** By PyTorch's name: `3.body.0.weight`. */
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A tensor of a file that has not been read yet. */
export interface TensorInFile extends Omit<StoredTensor, 'data'> {
  /** Its bytes as they would lie in a StoredTensor. */
  readonly read: () => Promise<Uint8Array>;
}

/** Tensors of a file that belong to one network. A checkpoint may hold several state dicts, such as `model` and `ema`. */
export interface WeightEntry {
  /** Keys that lead to it, joined by points: `model_state_dict`. Empty where the whole file is one state dict. */
  readonly name: string;
  readonly tensors: readonly TensorInFile[];
}

export function tensorInFile({ data, ...tensor }: StoredTensor): TensorInFile {
  return { ...tensor, read: () => Promise.resolve(data) };
}

/** As safetensors names them. */
export type TensorType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

/** Bytes of one element. */
export const elementBytes: Readonly<Record<TensorType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** Values of a float32 tensor; a view of its bytes where they lie as they must, else a copy. */
export function floatsOf({ name, type, data }: StoredTensor): Float32Array {
  if (type !== 'F32') throw new Error(`${name} is of type ${type}, not float32`);
  // Not by slice(): that of Node's Buffer copies nothing.
  const bytes = data.byteOffset % 4 === 0 ? data : Uint8Array.from(data);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

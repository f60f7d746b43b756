import { importModel, looksLikeModel } from '../export/onnx/import-model.ts';
import { readSafetensors } from './safetensors.ts';
import { readStateDict } from './read-state-dict.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { unreadable } from './unreadable.ts';

/** Tensors of a file of weights, by what it begins with: safetensors, a state dict of PyTorch's, or ONNX made here. */
export function readWeights(bytes: Uint8Array): readonly StoredTensor[] {
  const [first, second, third] = bytes;
  if (first === 0x50 && second === 0x4b) return readStateDict(bytes);
  // A bare pickle: PyTorch's format before 1.6 and any other object of Python's.
  if (first === 0x80 && (second ?? 0) <= 5 && third !== 0) {
    throw unreadable(
      'file of weights',
      'it is a bare pickle, as PyTorch wrote them before 1.6, which may run anything',
    );
  }
  if (looksLikeModel(bytes)) return importModel(bytes).tensors;
  return readSafetensors(bytes).tensors;
}

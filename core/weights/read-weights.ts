import { importModel, looksLikeModel } from '../export/onnx/import-model.ts';
import type { ByteSource } from './byte-source.ts';
import { readStateDict } from './read-state-dict.ts';
import { openSafetensors } from './safetensors.ts';
import { tensorInFile } from './stored-tensor.ts';
import type { WeightEntry } from './stored-tensor.ts';
import { unreadable } from './unreadable.ts';

/** A protobuf message ends here. */
const largestModel = 2 ** 31;

/**
 * What a file of weights holds, by what it begins with: safetensors, state dicts of PyTorch's, or ONNX made here. Reads
 * no more than names and shapes, but of ONNX all.
 */
export async function readWeights(source: ByteSource): Promise<readonly WeightEntry[]> {
  const head = await source.read(0, Math.min(16, source.size));
  const [first, second, third] = head;
  if (first === 0x50 && second === 0x4b) return readStateDict(source);
  // A bare pickle: PyTorch's format before 1.6 and any other object of Python's.
  if (first === 0x80 && (second ?? 0) <= 5 && third !== 0) {
    throw unreadable(
      'file of weights',
      'it is a plain pickle, as PyTorch wrote before version 1.6, which could run arbitrary code',
      "Load it in Python and save it again: torch.save(torch.load('FILE', weights_only=True), 'weights.pt').",
    );
  }
  if (looksLikeModel(head)) {
    if (source.size > largestModel) throw unreadable('ONNX file', 'it is larger than two gigabytes');
    return [{ name: '', tensors: importModel(await source.read(0, source.size)).tensors.map(tensorInFile) }];
  }
  return [{ name: '', tensors: await openSafetensors(source) }];
}

import { readFile } from 'node:fs/promises';
import { FailureError } from '../../core/failure.ts';
import { readWeights } from '../../core/weights/read-weights.ts';
import type { StoredTensor } from '../../core/weights/stored-tensor.ts';
import { withFile } from '../failures.ts';

/** Tensors of a safetensors file or of a state dict; nothing of the file is run. A failure names the file. */
export async function readWeightsFile(file: string): Promise<readonly StoredTensor[]> {
  const bytes = await withFile(file, () => readFile(file));
  try {
    return readWeights(bytes);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw new FailureError({ ...error.failure, message: `${file}: ${error.failure.message}`, at: file });
  }
}

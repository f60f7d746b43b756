import { pickleTensors } from './pickle-tensors.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { writeZip } from './write-zip.ts';

/** The parts of a file that `torch.load(file, weights_only=True)` reads as a dict of tensors. */
export function writeStateDict(tensors: readonly StoredTensor[]): readonly Uint8Array[] {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  return writeZip([
    { name: 'model/data.pkl', data: pickleTensors(tensors) },
    { name: 'model/byteorder', data: text('little') },
    ...tensors.map(({ data }, index) => ({ name: `model/data/${index}`, data })),
    { name: 'model/version', data: text('3\n') },
  ]);
}

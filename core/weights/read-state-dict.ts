import { readZip } from './read-zip.ts';
import { TensorBuilder } from './rebuild-tensor.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { unpickleTensors } from './unpickle-tensors.ts';
import { unreadable } from './unreadable.ts';

/** Tensors of a file that torch.save wrote (since PyTorch 1.6) of a state dict. Throws a FailureError for anything else. */
export function readStateDict(bytes: Uint8Array): readonly StoredTensor[] {
  const entries = readZip(bytes);
  const pickle = [...entries.keys()].find((name) => name.endsWith('/data.pkl'));
  if (pickle === undefined) throw unreadable('PyTorch file', 'there is no data.pkl in it');
  const root = pickle.slice(0, -'data.pkl'.length);
  if (entries.has(`${root}constants.pkl`)) {
    throw unreadable('file of tensors', 'it is a TorchScript program; save its state_dict() instead');
  }
  const order = entries.get(`${root}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order) !== 'little') {
    throw unreadable('file of tensors', 'its numbers are big-endian');
  }
  const builder = new TensorBuilder((name) => entries.get(`${root}data/${name}`), bytes.byteLength);
  return unpickleTensors(entries.get(pickle)!, builder);
}

import type { ByteSource } from './byte-source.ts';
import { readZip } from './read-zip.ts';
import type { ZipPart } from './read-zip.ts';
import { TensorBuilder } from './rebuild-tensor.ts';
import { stateDictsIn } from './state-dicts-in.ts';
import type { WeightEntry } from './stored-tensor.ts';
import { unpickle } from './unpickle.ts';
import { unreadable } from './unreadable.ts';

/** Of the objects beside the tensors; a tensor takes some hundred bytes of it. */
const largestPickle = 2 ** 28;

/** The state dicts of a file that torch.save wrote (since PyTorch 1.6). Throws a FailureError for anything else. */
export async function readStateDict(source: ByteSource): Promise<readonly WeightEntry[]> {
  const parts = await readZip(source);
  const pickle = [...parts.keys()].find((name) => name.endsWith('/data.pkl'));
  if (pickle === undefined) throw unreadable('PyTorch file', 'it contains no data.pkl');
  const root = pickle.slice(0, -'data.pkl'.length);
  if (parts.has(`${root}constants.pkl`)) {
    throw unreadable(
      'file of tensors',
      'it is a TorchScript program',
      "Load it in Python and save its weights: torch.save(torch.jit.load('FILE').state_dict(), 'weights.pt').",
    );
  }
  const order = parts.get(`${root}byteorder`);
  if (order !== undefined && new TextDecoder().decode(await whole(order)) !== 'little') {
    throw unreadable('file of tensors', 'its numbers are big-endian');
  }
  const builder = new TensorBuilder((name) => parts.get(`${root}data/${name}`), source.size);
  return stateDictsIn(unpickle(await whole(parts.get(pickle)!), builder));
}

function whole(part: ZipPart): Promise<Uint8Array> {
  if (part.size > largestPickle) throw unreadable('file of tensors', 'its data other than tensors are too large');
  return part.read(0, part.size);
}

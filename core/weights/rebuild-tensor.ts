import { elementCount } from '../catalogue/shape.ts';
import { contiguousStrides, storageTypes } from './pickle-tensors.ts';
import { isWhole, kindOf, refuse, wholeNumbers } from './pickle-values.ts';
import type { Global, Storage, Tensor, Tuple, Value } from './pickle-values.ts';
import type { ZipPart } from './read-zip.ts';
import { elementBytes } from './stored-tensor.ts';

/** Makes storages and tensors of what a pickle says about them. */
export class TensorBuilder {
  readonly #storageNamed: (name: string) => ZipPart | undefined;
  /**
   * Bytes that tensors which do not lie row by row may take for themselves: some repeat elements by a stride of 0, and a
   * small file must not become a large network.
   */
  #copiesLeft: number;

  constructor(storageNamed: (name: string) => ZipPart | undefined, fileSize: number) {
    this.#storageNamed = storageNamed;
    this.#copiesLeft = fileSize;
  }

  /** `id`: ('storage', torch.FloatStorage, '0', 'cpu', 800) */
  storage(id: Value): Storage {
    const [word, type, key] = kindOf(id) === 'tuple' ? (id as Tuple).items : [];
    const name = kindOf(type) === 'global' ? (type as Global).name : '';
    const found = storageTypes[name.replace(/^torch /, '')];
    if (word !== 'storage' || typeof key !== 'string' || found === undefined)
      return refuse('one of its storages is damaged');
    const data = this.#storageNamed(key);
    if (data === undefined) return refuse(`the storage '${key}' is missing`);
    return { kind: 'storage', type: found, data };
  }

  /** `given`: storage, offset, sizes, strides, in elements. */
  tensor([storage, offset, shape, strides]: readonly Value[]): Tensor {
    if (kindOf(storage) !== 'storage' || typeof offset !== 'number') return refuse('one of its tensors has no storage');
    const { type, data } = storage as Storage;
    const sizes = wholeNumbers(shape);
    const steps = wholeNumbers(strides);
    if (sizes === null || steps === null || sizes.length !== steps.length || !isWhole(offset)) {
      return refuse('the shape of a tensor is damaged');
    }
    const bytes = elementBytes[type];
    const elements = elementCount(sizes);
    const last =
      elements === 0 ? offset : sizes.reduce((at, size, index) => at + (size - 1) * steps[index]!, offset + 1);
    if (!(last * bytes <= data.size)) return refuse('one of its tensors is larger than its storage');
    const stretch = (end: number): Promise<Uint8Array> => data.read(offset * bytes, end * bytes);
    const isContiguous = contiguousStrides(sizes).every((step, index) => step === steps[index] || sizes[index]! < 2);
    if (isContiguous || elements === 0) {
      return { kind: 'tensor', type, shape: sizes, read: () => stretch(offset + elements) };
    }
    this.#copiesLeft -= elements * bytes;
    if (this.#copiesLeft < 0) return refuse('its tensors are larger than the file');
    const read = async (): Promise<Uint8Array> => rowByRow(await stretch(last), bytes, sizes, steps);
    return { kind: 'tensor', type, shape: sizes, read };
  }
}

/** A copy whose elements lie row by row. */
function rowByRow(data: Uint8Array, bytes: number, sizes: readonly number[], steps: readonly number[]): Uint8Array {
  const elements = elementCount(sizes);
  const made = new Uint8Array(elements * bytes);
  const place = sizes.map(() => 0);
  let from = 0;
  for (let element = 0; element < elements; element++) {
    for (let byte = 0; byte < bytes; byte++) made[element * bytes + byte] = data[from * bytes + byte]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      place[axis]! += 1;
      from += steps[axis]!;
      if (place[axis]! < sizes[axis]!) break;
      from -= sizes[axis]! * steps[axis]!;
      place[axis] = 0;
    }
  }
  return made;
}

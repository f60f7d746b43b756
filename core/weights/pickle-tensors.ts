import { elementCount } from '../catalogue/shape.ts';
import type { StoredTensor, TensorType } from './stored-tensor.ts';

/** PyTorch's names of the types of storages. */
export const storageTypes: Readonly<Record<string, TensorType>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/**
 * A Python pickle (protocol 2) of a dict of tensors, as torch.save writes it into data.pkl: each is rebuilt by
 * torch._utils._rebuild_tensor_v2 from a storage that is named by its place in `tensors`.
 */
export function pickleTensors(tensors: readonly StoredTensor[]): Uint8Array {
  const bytes: number[] = [];
  const put = (...more: readonly number[]): void => void bytes.push(...more);
  const global = (module: string, name: string): void => {
    put(0x63, ...new TextEncoder().encode(`${module}\n${name}\n`));
  };
  const text = (value: string): void => {
    const encoded = new TextEncoder().encode(value);
    put(0x58, ...new Uint8Array(Uint32Array.of(encoded.byteLength).buffer), ...encoded);
  };
  // BININT is signed: more than 31 bits need LONG1.
  const integer = (value: number): void => {
    if (value < 2 ** 31) put(0x4a, ...new Uint8Array(Int32Array.of(value).buffer));
    else put(0x8a, 8, ...new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
  };
  const mark = (): void => put(0x28);
  const tuple = (): void => put(0x74);

  put(0x80, 2, 0x7d);
  mark();
  for (const [index, { name, type, shape }] of tensors.entries()) {
    text(name);
    global('torch._utils', '_rebuild_tensor_v2');
    mark();
    const elements = elementCount(shape);
    const storage = Object.keys(storageTypes).find((key) => storageTypes[key] === type)!;
    mark();
    text('storage');
    global('torch', storage);
    text(String(index));
    text('cpu');
    integer(elements);
    tuple();
    put(0x51);
    integer(0);
    mark();
    for (const size of shape) integer(size);
    tuple();
    mark();
    for (const stride of contiguousStrides(shape)) integer(stride);
    tuple();
    // requires_grad, and no backward hooks.
    put(0x89);
    global('collections', 'OrderedDict');
    put(0x29, 0x52);
    tuple();
    put(0x52);
  }
  put(0x75, 0x2e);
  return Uint8Array.from(bytes);
}

/** Row-major. */
export function contiguousStrides(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of [...shape].reverse()) {
    strides.unshift(stride);
    stride *= Math.max(1, size);
  }
  return strides;
}

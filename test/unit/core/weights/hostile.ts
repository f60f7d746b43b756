import { FailureError } from '../../../../core/failure.ts';
import type { StoredTensor, WeightEntry } from '../../../../core/weights/stored-tensor.ts';

/** Numbers that look random and are the same every time (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A file with bytes changed, taken out, doubled or cut off. */
export function damaged(file: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...file];
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    switch (random(6)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random(5)]!;
        break;
      case 2:
        bytes.splice(at, 1 + random(8));
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random(16)));
        break;
      case 4:
        bytes.length = at;
        break;
      default:
        bytes.splice(at, 4, 0xff, 0xff, 0xff, random(256));
    }
  }
  return Uint8Array.from(bytes);
}

/** As JSON: sizes and places that overflow, that are none, or that may be right. */
const lies = ['0', '1', '2', '3', '8', '24', '-1', '0.5', '1e300', 'true', 'null', '"6"', '[2]', '2147483648'].concat(
  [2n ** 53n, 2n ** 61n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n].map(String),
);

/** A safetensors file whose header lies here and there, about its own length too. */
export function lying(tensors: readonly StoredTensor[], random: (below: number) => number): Uint8Array {
  const told = (truth: number | string): string => (random(12) === 0 ? lies[random(lies.length)]! : `${truth}`);
  let offset = 0;
  const entries = tensors.map(({ name, type, shape, data }) => {
    const places = [offset, (offset += data.byteLength)].map(told);
    const sizes = [...shape, ...(random(12) === 0 ? [random(3)] : [])].map(told);
    const dtype = told(random(16) === 0 ? '"F64"' : `"${type}"`);
    return `"${name}":{"dtype":${dtype},"shape":[${sizes.join()}],"data_offsets":[${places.join()}]}`;
  });
  const header = new TextEncoder().encode(`{${entries.join()}}`);
  const length = [0n, 1n, 2n ** 31n, 2n ** 63n, 2n ** 64n - 1n, BigInt(header.length) + BigInt(random(40))];
  const said = random(10) === 0 ? length[random(length.length)]! : BigInt(header.length);
  const whole = [new Uint8Array(BigUint64Array.of(said).buffer), header, ...tensors.map(({ data }) => data)];
  return joinedParts(random(10) === 0 ? whole.slice(0, -1 - random(3)) : whole);
}

export interface Tally {
  readonly read: number;
  readonly refused: number;
}

/** Reads damaged files of one file, or files made to be hostile; anything thrown but a Failure goes through, as do tensors that are not what they say. */
export async function fuzz(
  inputs: Uint8Array | ((random: (below: number) => number) => Uint8Array),
  read: (bytes: Uint8Array) => readonly StoredTensor[] | Promise<readonly StoredTensor[]>,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<Tally> {
  const random = randomNumbers(seed);
  let refused = 0;
  for (let index = 0; index < count; index++) {
    const bytes = inputs instanceof Uint8Array ? damaged(inputs, random) : inputs(random);
    try {
      for (const { data } of await read(bytes)) {
        if (data.byteLength > bytes.byteLength) throw new Error(`${data.byteLength} bytes out of ${bytes.byteLength}`);
      }
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      refused += 1;
    }
  }
  return { read: count - refused, refused };
}

/** All tensors of all entries, with their bytes. */
export async function loaded(
  entries: readonly WeightEntry[] | Promise<readonly WeightEntry[]>,
): Promise<readonly StoredTensor[]> {
  const tensors = (await entries).flatMap((entry) => entry.tensors);
  return Promise.all(tensors.map(async ({ name, type, shape, read }) => ({ name, type, shape, data: await read() })));
}

export function joinedParts(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function sampleTensors(): readonly StoredTensor[] {
  const floats = (...values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
  return [
    { name: '0.weight', type: 'F32', shape: [2, 3], data: floats(1, -2, 3.5, 4, 5, 6) },
    { name: '0.bias', type: 'F32', shape: [2], data: floats(0.25, Infinity) },
    { name: '1.num_batches_tracked', type: 'I64', shape: [], data: new Uint8Array(BigInt64Array.of(7n).buffer) },
    { name: 'nothing', type: 'F32', shape: [0, 3], data: floats() },
  ];
}

import { FailureError } from '../../../../core/failure.ts';
import type { StoredTensor } from '../../../../core/weights/stored-tensor.ts';

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

export interface Tally {
  readonly read: number;
  readonly refused: number;
}

/** Reads damaged files; anything thrown but a Failure goes through, as do tensors that are not what they say. */
export function fuzz(
  file: Uint8Array,
  read: (bytes: Uint8Array) => readonly StoredTensor[],
  { seed, count }: { readonly seed: number; readonly count: number },
): Tally {
  const random = randomNumbers(seed);
  let refused = 0;
  for (let index = 0; index < count; index++) {
    const bytes = damaged(file, random);
    try {
      for (const { data } of read(bytes)) {
        if (data.byteLength > bytes.byteLength) throw new Error(`${data.byteLength} bytes out of ${bytes.byteLength}`);
      }
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      refused += 1;
    }
  }
  return { read: count - refused, refused };
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

/** What a file that is no protobuf message, or a damaged one, is refused with. */
export class ProtobufError extends Error {}

export type ProtobufValue = bigint | Uint8Array;

/** One field of a message; numbers of 4 and 8 bytes come as those bytes. */
export interface ProtobufField {
  readonly number: number;
  readonly value: ProtobufValue;
}

/** Reads one message's fields in their order; throws a ProtobufError for what does not end where it must. */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number < 1 || number >= 2 ** 29) throw new ProtobufError(`a field cannot have the number ${number}`);
    yield { number, value: valueOf(Number(tag & 7n)) };
  }

  function valueOf(kind: number): ProtobufValue {
    switch (kind) {
      case 0:
        return varint();
      case 1:
        return take(8);
      case 2:
        return take(Number(varint()));
      case 5:
        return take(4);
      default:
        throw new ProtobufError(`there is no wire type ${kind}`);
    }
  }

  function take(count: number): Uint8Array {
    if (count > bytes.length - at) throw new ProtobufError('it ends in the middle of a field');
    at += count;
    return bytes.subarray(at - count, at);
  }

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new ProtobufError('it ends in the middle of a number');
      at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('a number is longer than 64 bits');
  }
}

export function textOf(value: ProtobufValue): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(value));
  } catch {
    throw new ProtobufError('a text is no UTF-8');
  }
}

export function bytesOf(value: ProtobufValue): Uint8Array {
  if (typeof value === 'bigint') throw new ProtobufError('a number stands where bytes must');
  return value;
}

/** A signed whole number that JavaScript can hold. */
export function intOf(value: ProtobufValue): number {
  if (typeof value !== 'bigint') throw new ProtobufError('bytes stand where a number must');
  const signed = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(signed)) throw new ProtobufError('a number is larger than 2^53');
  return signed;
}

/**
 * Plain data with typed arrays as bytes, for sockets: the length of a JSON text (uint32, little-endian), the text,
 * then the arrays one after another, each beginning at a multiple of 8 from the start of the arrays. In the text an
 * array stands as { "$array": [type, offset, length] }.
 */

const arrayTypes = { Uint8Array, Uint16Array, Int32Array, Float32Array, Float64Array } as const;
type ArrayType = keyof typeof arrayTypes;
type TypedArray = InstanceType<(typeof arrayTypes)[ArrayType]>;

export function pack(value: object): Uint8Array<ArrayBuffer> {
  const arrays: { readonly array: TypedArray; readonly offset: number }[] = [];
  let size = 0;
  const text = new TextEncoder().encode(
    JSON.stringify(value, (_key, entry: unknown) => {
      if (!isTypedArray(entry)) return entry;
      const offset = size;
      size += Math.ceil(entry.byteLength / 8) * 8;
      arrays.push({ array: entry, offset });
      return { $array: [typeName(entry), offset, entry.length] };
    }),
  );
  const start = startOfArrays(text.length);
  const bytes = new Uint8Array(start + size);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const { array, offset } of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + offset);
  }
  return bytes;
}

/**
 * Throws where the bytes are not what `pack` makes. The arrays of a message share its bytes out among themselves: a
 * message that mentions the same bytes again and again would otherwise grow to many times its size.
 */
export function unpack(bytes: Uint8Array<ArrayBuffer>): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (4 + length > bytes.length) throw new RangeError('the message is cut short');
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  const start = startOfArrays(length);
  let left = Math.max(0, bytes.length - start);
  return JSON.parse(text, (_key, entry: unknown) => {
    const description = arrayDescription(entry);
    if (description === null) return entry;
    const [type, offset, count] = description;
    const size = count * arrayTypes[type].BYTES_PER_ELEMENT;
    if (offset < 0 || count < 0 || start + offset + size > bytes.length) throw new RangeError('an array lies outside');
    left -= size;
    if (left < 0) throw new RangeError('the arrays overlap');
    const from = bytes.byteOffset + start + offset;
    // A copy: the views want their own alignment, and nobody wants to keep the whole message for one array.
    return new arrayTypes[type](bytes.buffer.slice(from, from + size));
  }) as unknown;
}

function startOfArrays(textLength: number): number {
  return Math.ceil((4 + textLength) / 8) * 8;
}

function isTypedArray(value: unknown): value is TypedArray {
  return Object.values(arrayTypes).some((type) => value instanceof type);
}

function typeName(array: TypedArray): ArrayType {
  const names = Object.keys(arrayTypes) as ArrayType[];
  return names.find((name) => array instanceof arrayTypes[name])!;
}

function arrayDescription(value: unknown): readonly [ArrayType, number, number] | null {
  if (typeof value !== 'object' || value === null || !('$array' in value) || !Array.isArray(value.$array)) return null;
  const [type, offset, count] = value.$array as unknown[];
  if (typeof type !== 'string' || !Object.hasOwn(arrayTypes, type)) return null;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(count)) return null;
  return [type as ArrayType, offset as number, count as number];
}

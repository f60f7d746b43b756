import { elementCount } from '../catalogue/shape.ts';
import { z } from 'zod';
import { elementBytes } from './stored-tensor.ts';
import type { StoredTensor, TensorType } from './stored-tensor.ts';
import { unreadable } from './unreadable.ts';

/**
 * safetensors: 8 bytes with the length of the header, little-endian, a header in JSON, then the tensors' bytes one after
 * another (https://huggingface.co/docs/safetensors).
 */
export interface TensorFile {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The limit of the format's own reader. */
const longestHeader = 100_000_000;

const types = Object.keys(elementBytes) as readonly TensorType[];

const size = z.int().nonnegative();

const entry = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

/** Tensors are views of `bytes`. Throws a FailureError for anything malformed. */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.byteLength < 8) refuse('it is shorter than a header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > longestHeader || length > bytes.byteLength - 8) refuse('its header is longer than the file');
  const start = 8 + Number(length);
  const header = parseHeader(bytes.subarray(8, start));
  const data = bytes.subarray(start);
  const tensors: StoredTensor[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of header) {
    if (name === '__metadata__') metadata = parseMetadata(value);
    else tensors.push(readTensor(name, value, data));
  }
  refuseOverlaps(tensors);
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array): readonly [string, unknown][] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  } catch {
    // Said below.
  }
  return refuse('its header is not JSON');
}

function parseMetadata(value: unknown): Readonly<Record<string, string>> {
  const parsed = z.record(z.string(), z.string()).safeParse(value);
  return parsed.success ? parsed.data : refuse('its metadata are not texts');
}

function readTensor(name: string, value: unknown, data: Uint8Array): StoredTensor {
  const parsed = entry.safeParse(value);
  if (!parsed.success) refuse(`its header does not describe the tensor '${name}'`);
  const { dtype, shape, data_offsets } = parsed.data;
  const type = types.find((other) => other === dtype);
  if (type === undefined) refuse(`the tensor '${name}' is of type ${dtype}, which is not supported`);
  const [from, to] = data_offsets;
  if (from > to || to > data.byteLength) refuse(`the place of the tensor '${name}' lies outside the file`);
  const elements = elementCount(shape);
  if (elements * elementBytes[type] !== to - from) refuse(`the size of the tensor '${name}' does not fit its shape`);
  return { name, type, shape, data: data.subarray(from, to) };
}

function refuseOverlaps(tensors: readonly StoredTensor[]): void {
  const places = [...tensors].sort((a, b) => a.data.byteOffset - b.data.byteOffset);
  for (const [index, { name, data }] of places.entries()) {
    const next = places[index + 1];
    if (next !== undefined && data.byteLength > 0 && data.byteOffset + data.byteLength > next.data.byteOffset) {
      refuse(`the tensors '${name}' and '${next.name}' lie one over the other`);
    }
  }
}

function refuse(why: string): never {
  throw unreadable('safetensors file', why);
}

/** The parts of a file, to be written one after another: large tensors are not copied. */
export function writeSafetensors(
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>>,
): readonly Uint8Array[] {
  let offset = 0;
  const entries = tensors.map(({ name, type, shape, data }) => {
    const from = offset;
    offset += data.byteLength;
    return [name, { dtype: type, shape, data_offsets: [from, offset] }] as const;
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const header = new TextEncoder().encode(text);
  // Tensors begin at a multiple of eight bytes, as its reader wants; the header is filled with spaces.
  const padded = new Uint8Array(8 + Math.ceil(header.byteLength / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.byteLength - 8), true);
  padded.set(header, 8);
  return [padded, ...tensors.map(({ data }) => data)];
}

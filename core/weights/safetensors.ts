import { z } from 'zod';
import { elementCount } from '../catalogue/shape.ts';
import type { ByteSource } from './byte-source.ts';
import { elementBytes } from './stored-tensor.ts';
import type { StoredTensor, TensorInFile, TensorType } from './stored-tensor.ts';
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
  const start = headerEnd(bytes.subarray(0, 8), bytes.byteLength);
  const data = bytes.subarray(start);
  const { places, metadata } = parseHeader(bytes.subarray(8, start), data.byteLength);
  const tensors = places.map(({ from, to, ...tensor }) => ({ ...tensor, data: data.subarray(from, to) }));
  return { tensors, metadata };
}

/** Tensors of a file of any size, of which only the header is read. Throws a FailureError for anything malformed. */
export async function openSafetensors(source: ByteSource): Promise<readonly TensorInFile[]> {
  const start = headerEnd(await source.read(0, Math.min(8, source.size)), source.size);
  const { places } = parseHeader(await source.read(8, start), source.size - start);
  return places.map(({ from, to, ...tensor }) => ({ ...tensor, read: () => source.read(start + from, start + to) }));
}

function headerEnd(first: Uint8Array, size: number): number {
  if (first.byteLength < 8) refuse('it is shorter than a header');
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > longestHeader || length > size - 8) refuse('its header is longer than the file');
  return 8 + Number(length);
}

/** Where a tensor lies behind the header. */
interface TensorPlace extends Omit<StoredTensor, 'data'> {
  readonly from: number;
  readonly to: number;
}

function parseHeader(bytes: Uint8Array, dataLength: number) {
  const places: TensorPlace[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of headerEntries(bytes)) {
    if (name === '__metadata__') metadata = parseMetadata(value);
    else places.push(placeOf(name, value, dataLength));
  }
  refuseOverlaps(places);
  return { places, metadata };
}

function headerEntries(bytes: Uint8Array): readonly [string, unknown][] {
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
  return parsed.success ? parsed.data : refuse('its metadata are not text');
}

function placeOf(name: string, value: unknown, dataLength: number): TensorPlace {
  const parsed = entry.safeParse(value);
  if (!parsed.success) refuse(`its header does not describe the tensor '${name}'`);
  const { dtype, shape, data_offsets } = parsed.data;
  const type = types.find((other) => other === dtype);
  if (type === undefined) refuse(`the tensor '${name}' is of type ${dtype}, which is not supported`);
  const [from, to] = data_offsets;
  if (from > to || to > dataLength) refuse(`the range of the tensor '${name}' lies outside the file`);
  const elements = elementCount(shape);
  if (elements * elementBytes[type] !== to - from) refuse(`the size of the tensor '${name}' does not fit its shape`);
  return { name, type, shape, from, to };
}

function refuseOverlaps(places: readonly TensorPlace[]): void {
  const sorted = [...places].sort((a, b) => a.from - b.from);
  for (const [index, { name, from, to }] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && to > from && to > next.from) {
      refuse(`the tensors '${name}' and '${next.name}' overlap`);
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
  return [safetensorsHeader(tensors, metadata), ...tensors.map(({ data }) => data)];
}

/** What stands before the bytes of the tensors, which follow in the same order. */
export function safetensorsHeader(
  tensors: readonly Omit<StoredTensor, 'data'>[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0;
  const entries = tensors.map(({ name, type, shape }) => {
    const from = offset;
    offset += elementCount(shape) * elementBytes[type];
    return [name, { dtype: type, shape, data_offsets: [from, offset] }] as const;
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const header = new TextEncoder().encode(text);
  // Tensors begin at a multiple of eight bytes, as its reader wants; the header is filled with spaces.
  const padded = new Uint8Array(8 + Math.ceil(header.byteLength / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.byteLength - 8), true);
  padded.set(header, 8);
  return padded;
}

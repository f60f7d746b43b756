import { elementCount } from '../../catalogue/shape.ts';
import { onnxTypeBytes, onnxTypes } from './model.ts';
import type { OnnxTensor, OnnxType } from './model.ts';
import { ProtobufError, bytesOf, intOf, protobufFields, textOf } from './protobuf-reader.ts';
import type { ProtobufValue } from './protobuf-reader.ts';

/** What of a model file matters to us: what it says of itself, and its weights. */
export interface ReadOnnx {
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly initialisers: readonly ReadTensor[];
}

/** `outside`: its numbers lie in another file. */
export type ReadTensor = OnnxTensor | { readonly name: string; readonly outside: true };

const typeNames: ReadonlyMap<number, OnnxType> = new Map(
  Object.entries(onnxTypes).map(([name, number]) => [number, name as OnnxType]),
);

/** Reads a ModelProto; the graph's operators are not looked at. Throws a ProtobufError for what is none. */
export function readModel(bytes: Uint8Array): ReadOnnx {
  let producer = '';
  let graph: Uint8Array | null = null;
  const metadata = new Map<string, string>();
  for (const { number, value } of protobufFields(bytes)) {
    if (number === 2) producer = textOf(value);
    if (number === 7) graph = bytesOf(value);
    if (number === 14) metadata.set(...entryOf(value));
  }
  if (graph === null) throw new ProtobufError('it has no graph');
  const initialisers: ReadTensor[] = [];
  for (const { number, value } of protobufFields(graph)) if (number === 5) initialisers.push(tensorOf(bytesOf(value)));
  return { producer, metadata, initialisers };
}

function entryOf(entry: ProtobufValue): readonly [string, string] {
  const texts = ['', ''];
  for (const { number, value } of protobufFields(bytesOf(entry))) if (number <= 2) texts[number - 1] = textOf(value);
  return [texts[0]!, texts[1]!];
}

function tensorOf(bytes: Uint8Array): ReadTensor {
  let name = '';
  let type: OnnxType | undefined;
  let data: Uint8Array | null = null;
  const shape: number[] = [];
  for (const { number, value } of protobufFields(bytes)) {
    // One size, or several packed, as other writers do.
    if (number === 1) shape.push(...(typeof value === 'bigint' ? [intOf(value)] : packedInts(value)));
    if (number === 2) type = typeNames.get(intOf(value));
    if (number === 8) name = textOf(value);
    if (number === 9) data = bytesOf(value);
    if (number === 14 && intOf(value) === 1) return { name: nameOf(bytes), outside: true };
  }
  if (type === undefined || data === null)
    throw new ProtobufError(`the tensor "${name}" has numbers of a kind that is not read here`);
  const count = elementCount(shape);
  if (shape.some((size) => size < 0) || count * onnxTypeBytes[type] !== data.length) {
    throw new ProtobufError(
      `the tensor "${name}" does not have as many numbers as its shape [${shape.join(', ')}] says`,
    );
  }
  return { name, type, shape, data };
}

function nameOf(bytes: Uint8Array): string {
  for (const { number, value } of protobufFields(bytes)) if (number === 8) return textOf(value);
  return '';
}

/** Numbers one after another: as the fields of a message would be, without tags. */
function packedInts(bytes: Uint8Array): readonly number[] {
  const numbers: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (shift > 70n) throw new ProtobufError('a number is longer than 64 bits');
    if (byte >= 128) continue;
    numbers.push(intOf(BigInt.asUintN(64, value)));
    [value, shift] = [0n, 0n];
  }
  if (shift > 0n) throw new ProtobufError('it ends in the middle of a number');
  return numbers;
}

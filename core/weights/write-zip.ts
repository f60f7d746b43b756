import { FailureError } from '../failure.ts';
import { crc32 } from './crc32.ts';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

/** PyTorch's own writer lets data begin at such multiples, so that tensors can be used where they lie. */
const alignment = 64;

/** Beyond this a ZIP file needs fields that we do not write. */
const mostBytes = 0xffffffff;

/** The parts of an uncompressed ZIP file (PKWARE's APPNOTE 6.3), to be written one after another. */
export function writeZip(entries: readonly ZipEntry[]): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const add = (part: Uint8Array): void => {
    parts.push(part);
    offset += part.byteLength;
  };
  for (const { name, data } of entries) {
    const nameBytes = new TextEncoder().encode(name);
    const unpadded = offset + localLength + nameBytes.byteLength + extraHead;
    const filler = (alignment - (unpadded % alignment)) % alignment;
    const common = commonFields(data, nameBytes, extraHead + filler);
    const start = offset;
    add(record(0x04034b50, [...common, nameBytes, extraField(filler)]));
    add(data);
    if (offset > mostBytes) refuse();
    directory.push(
      record(0x02014b50, [version, ...commonFields(data, nameBytes, 0), ...placeFields(start), nameBytes]),
    );
  }
  const directoryStart = offset;
  for (const part of directory) add(part);
  if (offset > mostBytes || entries.length > 0xffff) refuse();
  const count = short(entries.length);
  add(
    record(0x06054b50, [
      short(0),
      short(0),
      count,
      count,
      long(offset - directoryStart),
      long(directoryStart),
      short(0),
    ]),
  );
  return parts;
}

const localLength = 30;
const extraHead = 4;
const version = short(20);

/** Stored, with a fixed date (1980-01-01), so that the same tensors make the same file. Names are UTF-8. */
function commonFields(data: Uint8Array, name: Uint8Array, extraLength: number): readonly Uint8Array[] {
  const size = long(data.byteLength);
  const date = short(0x21);
  return [
    version,
    short(0x800),
    short(0),
    short(0),
    date,
    long(crc32(data)),
    size,
    size,
    short(name.byteLength),
    short(extraLength),
  ];
}

/** Comment, disk, attributes, and where the entry begins. */
function placeFields(start: number): readonly Uint8Array[] {
  return [short(0), short(0), short(0), long(0), long(start)];
}

/** `FB`, as PyTorch names its padding. */
function extraField(filler: number): Uint8Array {
  const field = new Uint8Array(extraHead + filler);
  field.set([0x46, 0x42, filler & 0xff, filler >> 8]);
  return field;
}

function record(signature: number, fields: readonly Uint8Array[]): Uint8Array {
  const parts = [long(signature), ...fields];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function short(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

function long(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function refuse(): never {
  throw new FailureError({
    code: 'badUsage',
    message: 'These weights take more than 4 GB, which is too large for a state dict file.',
    advice: 'Export as safetensors, which has no such limit.',
  });
}

import { elementCount } from '../../../core/catalogue/shape.ts';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fail, withFile } from '../../failures.ts';
import { addressOf, isTextHeader, npyHeaderEnd, npyPreamble, parseAnyNpyHeader, parseNpyHeader } from './npy-header.ts';
import type { ArrayAddress, NpyElement, NpyHeader, NpyTextElement, NpyTextHeader } from './npy-header.ts';

/** An array on the disk, read row by row along its first dimension. */
export interface NpyFile {
  readonly file: string;
  readonly address: ArrayAddress;
  readonly header: NpyHeader;
}

/** An array of text on the disk. */
export interface NpyTextFile extends Omit<NpyFile, 'header'> {
  readonly header: NpyTextHeader;
}

const chunkBytes = 8 << 20;
/** An array that lies column by column is turned in memory, up to this size. */
const largestTurned = 1 << 30;

/**
 * Reads the header and holds the length of the file against it. Throws a FailureError that names the file, or the
 * address of an array that was unpacked into it, and where it is not of numbers.
 */
export async function openNpy(file: string, address = addressOf(file)): Promise<NpyFile> {
  return { file, address, header: await headerOf(file, address, parseNpyHeader) };
}

/** The same of an array of numbers or text. */
export async function openAnyNpy(file: string, address = addressOf(file)): Promise<NpyFile | NpyTextFile> {
  const header = await headerOf(file, address, parseAnyNpyHeader);
  return isTextHeader(header) ? { file, address, header } : { file, address, header };
}

export function isText(array: NpyFile | NpyTextFile): array is NpyTextFile {
  return isTextHeader(array.header);
}

async function headerOf<Header extends NpyHeader | NpyTextHeader>(
  file: string,
  address: ArrayAddress,
  parse: (start: Uint8Array, address: ArrayAddress) => Header,
): Promise<Header> {
  const { title, at } = address;
  return withFile(file, async () => {
    const handle = await open(file, 'r');
    try {
      const preamble = await bytesAt(handle, 0, npyPreamble);
      const start = await bytesAt(handle, 0, npyHeaderEnd(preamble, address));
      const header = parse(start, address);
      const expected = header.dataAt + elementCount(header.shape) * header.element.bytes;
      const { size } = await handle.stat();
      if (size !== expected) {
        fail('badData', `${title} has ${size} bytes; its header declares ${expected}.`, { at });
      }
      if (header.shape.length === 0) {
        fail('badData', `${title} contains one value of shape (). It needs a row for each sample.`, { at });
      }
      if (size === header.dataAt) fail('badData', `${title} is empty.`, { at });
      return header;
    } finally {
      await handle.close();
    }
  });
}

/** Every row as its numbers. */
export async function* npyRows(array: NpyFile): AsyncGenerator<Float64Array> {
  const { element, shape, isFortran } = array.header;
  const rest = shape.slice(1);
  const perRow = elementCount(rest);
  if (isFortran && rest.length > 0) {
    yield* turnedRows(array);
    return;
  }
  const read = reader(element);
  for await (const { view, at } of rowBytes(array)) {
    yield Float64Array.from({ length: perRow }, (_, index) => read(view, at + index * element.bytes));
  }
}

/** Every text of an array of one text a row, without blanks around it. */
export async function* npyTexts(array: NpyTextFile): AsyncGenerator<string> {
  const { element } = array.header;
  for await (const { view, at } of rowBytes(array)) yield textAt(view, at, element).normalize('NFC').trim();
}

function textAt(view: DataView, at: number, { encoding, bytes, isBigEndian }: NpyTextElement): string {
  if (encoding === 'bytes') return textOfBytes(new Uint8Array(view.buffer, view.byteOffset + at, bytes));
  const points = Array.from({ length: bytes / 4 }, (_, index) => view.getUint32(at + 4 * index, !isBigEndian));
  const used = points.slice(0, points.findLastIndex((point) => point !== 0) + 1);
  return used.map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd')).join('');
}

/** NumPy does not record an encoding: UTF-8 where the bytes are that. */
function textOfBytes(padded: Uint8Array): string {
  const used = padded.subarray(0, padded.findLastIndex((byte) => byte !== 0) + 1);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(used);
  } catch {
    return new TextDecoder('latin1').decode(used);
  }
}

/** Where each row begins, in the piece of the file that holds it. */
async function* rowBytes({
  file,
  address: { title, at },
  header: { element, shape, dataAt },
}: NpyFile | NpyTextFile): AsyncGenerator<{ readonly view: DataView; readonly at: number }> {
  const [rows = 0, ...rest] = shape;
  const bytes = elementCount(rest) * element.bytes;
  const atOnce = Math.max(1, Math.floor(chunkBytes / bytes));
  const handle = await open(file, 'r');
  try {
    for (let row = 0; row < rows; row += atOnce) {
      const count = Math.min(atOnce, rows - row);
      const chunk = await bytesAt(handle, dataAt + row * bytes, count * bytes);
      if (chunk.length < count * bytes) fail('badData', `${title} is truncated.`, { at });
      const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
      for (let index = 0; index < count; index++) yield { view, at: index * bytes };
    }
  } finally {
    await handle.close();
  }
}

async function* turnedRows({ file, address, header }: NpyFile): AsyncGenerator<Float64Array> {
  const { element, shape, dataAt } = header;
  const [rows = 0, ...rest] = shape;
  const perRow = elementCount(rest);
  const bytes = rows * perRow * element.bytes;
  if (bytes > largestTurned) {
    fail('badData', `${address.title} is stored in Fortran order and is too large to transpose in memory.`, {
      at: address.at,
      advice: 'Save it with numpy.save(file, numpy.ascontiguousarray(array)).',
    });
  }
  const handle = await open(file, 'r');
  const content = await bytesAt(handle, dataAt, bytes).finally(() => handle.close());
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const read = reader(element);
  // Element (row, i, j, …) lies at row + rows · (i + shape[1] · (j + …)).
  const places = Float64Array.from({ length: perRow }, (_, at) => fortranPlace(at, rest));
  for (let row = 0; row < rows; row++) {
    yield Float64Array.from(places, (place) => read(view, (row + rows * place) * element.bytes));
  }
}

/** Of an element counted with the last dimension fastest: its number with the first one fastest. */
function fortranPlace(at: number, shape: readonly number[]): number {
  let left = at;
  let place = 0;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    const size = shape[dimension]!;
    const before = elementCount(shape.slice(0, dimension));
    place += (left % size) * before;
    left = Math.floor(left / size);
  }
  return place;
}

function reader({ kind, bytes, isBigEndian }: NpyElement): (view: DataView, at: number) => number {
  const isLittle = !isBigEndian;
  if (kind === 'f') {
    if (bytes === 2) return (view, at) => halfPrecision(view.getUint16(at, isLittle));
    return bytes === 4 ? (view, at) => view.getFloat32(at, isLittle) : (view, at) => view.getFloat64(at, isLittle);
  }
  const isSigned = kind === 'i';
  switch (bytes) {
    case 1:
      return isSigned ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at);
    case 2:
      return isSigned ? (view, at) => view.getInt16(at, isLittle) : (view, at) => view.getUint16(at, isLittle);
    case 4:
      return isSigned ? (view, at) => view.getInt32(at, isLittle) : (view, at) => view.getUint32(at, isLittle);
    case 8:
      return isSigned
        ? (view, at) => Number(view.getBigInt64(at, isLittle))
        : (view, at) => Number(view.getBigUint64(at, isLittle));
  }
}

/** IEEE 754's binary16: a sign, five bits of exponent, ten of fraction. */
function halfPrecision(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

async function bytesAt(handle: FileHandle, at: number, bytes: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await handle.read(buffer, done, bytes - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

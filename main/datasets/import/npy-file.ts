import { elementCount } from '../../../core/catalogue/shape.ts';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fail, withFile } from '../../failures.ts';
import { npyHeaderEnd, npyPreamble, parseNpyHeader } from './npy-header.ts';
import type { NpyElement, NpyHeader } from './npy-header.ts';

/** An array on the disk, read row by row along its first dimension. */
export interface NpyFile {
  readonly file: string;
  readonly header: NpyHeader;
}

const chunkBytes = 8 << 20;
/** An array that lies column by column is turned in memory, up to this size. */
const largestTurned = 1 << 30;

/** Reads the header and holds the length of the file against it. Throws a FailureError that names the file. */
export async function openNpy(file: string): Promise<NpyFile> {
  return withFile(file, async () => {
    const handle = await open(file, 'r');
    try {
      const preamble = await bytesAt(handle, 0, npyPreamble);
      const start = await bytesAt(handle, 0, npyHeaderEnd(preamble, file));
      const header = parseNpyHeader(start, file);
      const expected = header.dataAt + elementCount(header.shape) * header.element.bytes;
      const { size } = await handle.stat();
      if (size !== expected) {
        fail('badData', `${file} has ${size} bytes; its header declares ${expected}.`, { at: file });
      }
      if (header.shape.length === 0) {
        fail('badData', `${file} contains one number of shape (). It needs a row for each sample.`, { at: file });
      }
      if (size === header.dataAt) fail('badData', `${file} is empty.`, { at: file });
      return { file, header };
    } finally {
      await handle.close();
    }
  });
}

/** Every row as its numbers. */
export async function* npyRows({ file, header }: NpyFile): AsyncGenerator<Float64Array> {
  const { element, shape, dataAt, isFortran } = header;
  const [rows = 0, ...rest] = shape;
  const perRow = elementCount(rest);
  if (isFortran && rest.length > 0) {
    yield* turnedRows({ file, header });
    return;
  }
  const read = reader(element);
  const atOnce = Math.max(1, Math.floor(chunkBytes / (perRow * element.bytes)));
  const handle = await open(file, 'r');
  try {
    for (let row = 0; row < rows; row += atOnce) {
      const count = Math.min(atOnce, rows - row);
      const bytes = perRow * element.bytes;
      const chunk = await bytesAt(handle, dataAt + row * bytes, count * bytes);
      if (chunk.length < count * bytes) fail('badData', `${file} is truncated.`, { at: file });
      const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
      for (let index = 0; index < count; index++) {
        yield Float64Array.from({ length: perRow }, (_, at) => read(view, index * bytes + at * element.bytes));
      }
    }
  } finally {
    await handle.close();
  }
}

async function* turnedRows({ file, header }: NpyFile): AsyncGenerator<Float64Array> {
  const { element, shape, dataAt } = header;
  const [rows = 0, ...rest] = shape;
  const perRow = elementCount(rest);
  const bytes = rows * perRow * element.bytes;
  if (bytes > largestTurned) {
    fail('badData', `${file} is stored in Fortran order and is too large to transpose in memory.`, {
      at: file,
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

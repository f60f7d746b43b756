import { elementCount } from '../../../core/catalogue/shape.ts';
import { fail } from '../../failures.ts';

/**
 * NumPy's .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a magic word, a version,
 * the header's length, the header as a Python dictionary, then the numbers.
 */
export interface NpyHeader {
  readonly element: NpyElement;
  readonly shape: readonly number[];
  readonly isFortran: boolean;
  /** Bytes before the first number. */
  readonly dataAt: number;
  /** NumPy's word for the elements, such as <f4. */
  readonly type: string;
}

export interface NpyElement {
  /** b: boolean, u: unsigned, i: signed, f: float. */
  readonly kind: 'b' | 'u' | 'i' | 'f';
  readonly bytes: 1 | 2 | 4 | 8;
  readonly isBigEndian: boolean;
}

/** Of text of a fixed width, padded with zeros: UTF-32, or bytes. */
export interface NpyTextElement {
  readonly kind: 'text';
  readonly encoding: 'utf-32' | 'bytes';
  readonly bytes: number;
  readonly isBigEndian: boolean;
}

export type NpyTextHeader = Omit<NpyHeader, 'element'> & { readonly element: NpyTextElement };

/** How messages name an array that is not a file of the user's by itself. */
export interface ArrayAddress {
  /** Such as data.npz, array y. */
  readonly title: string;
  /** The user's file. */
  readonly at: string;
}

export function addressOf(file: string | ArrayAddress): ArrayAddress {
  return typeof file === 'string' ? { title: file, at: file } : file;
}

/** Enough of a file's beginning to find its header's length. */
export const npyPreamble = 12;
const longestHeader = 65_536;

/** Bytes that the preamble and the header take together. Throws a FailureError for what is no .npy file. */
export function npyHeaderEnd(start: Uint8Array, file: string | ArrayAddress): number {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (start.length < 10 || magic.some((byte, index) => start[index] !== byte)) refuse(file, 'it is not a .npy file');
  const version = start[6]!;
  if (version < 1 || version > 3)
    refuse(file, `it has version ${version} of the format; versions 1 to 3 are supported`);
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (version > 1 && start.length < npyPreamble) refuse(file, 'it is truncated');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader) refuse(file, `its header declares ${length} bytes`);
  return (version === 1 ? 10 : npyPreamble) + length;
}

/**
 * Reads the header of an array of numbers from the first `npyHeaderEnd` bytes of its file. Throws a FailureError that
 * names the file.
 */
export function parseNpyHeader(start: Uint8Array, file: string | ArrayAddress): NpyHeader {
  const header = parseAnyNpyHeader(start, file);
  if (isTextHeader(header)) refuse(file, `it contains ${elementsInWords(header.type)}, not numbers`);
  return header;
}

export function isTextHeader(header: NpyHeader | NpyTextHeader): header is NpyTextHeader {
  return header.element.kind === 'text';
}

/** The same of an array of numbers or text. */
export function parseAnyNpyHeader(start: Uint8Array, file: string | ArrayAddress): NpyHeader | NpyTextHeader {
  const dataAt = npyHeaderEnd(start, file);
  if (start.length < dataAt) refuse(file, 'it is truncated');
  const text = new TextDecoder('latin1').decode(start.subarray(start[6] === 1 ? 10 : npyPreamble, dataAt)).trim();
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (!text.startsWith('{') || !text.endsWith('}') || order === undefined || shape === undefined) {
    refuse(file, 'its header cannot be read');
  }
  if (type === undefined) refuse(file, 'it contains records of several fields, not numbers');
  const rest = { shape: parseShape(shape, file), isFortran: order === 'True', dataAt, type };
  const ofText = textElement(type);
  return ofText === null ? { element: parseElement(type, file), ...rest } : { element: ofText, ...rest };
}

function textElement(type: string): NpyTextElement | null {
  const [, order, kind, characters] = /^([<>|=])([US])(\d{1,6})$/.exec(type) ?? [];
  if (kind === undefined) return null;
  const isWide = kind === 'U';
  return {
    kind: 'text',
    encoding: isWide ? 'utf-32' : 'bytes',
    bytes: Number(characters) * (isWide ? 4 : 1),
    isBigEndian: order === '>',
  };
}

const objectAdvice = 'Save it as numbers or text, for example with array.astype(str).';

function parseElement(type: string, file: string | ArrayAddress): NpyElement {
  const match = /^([<>|=])([buif])([1248])$/.exec(type);
  if (match === null || (match[2] === 'b' && match[3] !== '1') || (match[2] === 'f' && match[3] === '1')) {
    refuse(
      file,
      `it contains ${elementsInWords(type)}; only numbers of up to 8 bytes, and text as labels, are supported`,
      type.endsWith('O') ? objectAdvice : undefined,
    );
  }
  return {
    kind: match[2] as NpyElement['kind'],
    bytes: Number(match[3]) as NpyElement['bytes'],
    isBigEndian: match[1] === '>',
  };
}

const kindTitles: Readonly<Record<string, string>> = {
  U: 'text',
  S: 'text',
  O: 'Python objects',
  c: 'complex numbers',
  M: 'dates',
  m: 'durations',
};

/** With NumPy's own word for them. */
function elementsInWords(type: string): string {
  const title = kindTitles[/^[<>|=]?([A-Za-z])/.exec(type)?.[1] ?? ''];
  return title === undefined ? `elements of the type ${type}` : `${title} (type ${type})`;
}

function parseShape(text: string, file: string | ArrayAddress): readonly number[] {
  const sizes = text.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  const shape = sizes.map(Number);
  const elements = elementCount(shape);
  if (sizes.includes('') || shape.length > 32 || !Number.isSafeInteger(elements * 8)) {
    refuse(file, `its shape (${text}) is impossible`);
  }
  return shape;
}

/** Always this long, so that the number of samples can be filled in at the end; a multiple of 64 aligns what follows. */
export const writtenHeaderBytes = 256;

/** The header of a file of `type`: |u1, <i8 or <f4. */
export function formatNpyHeader(type: '|u1' | '<i8' | '<f4', shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const header = Buffer.alloc(writtenHeaderBytes, ' ');
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  header.writeUInt16LE(writtenHeaderBytes - 10, 8);
  if (text.length > writtenHeaderBytes - 11) throw new Error('a shape of too many dimensions');
  header.write(text, 10, 'latin1');
  header[writtenHeaderBytes - 1] = 0x0a;
  return header;
}

function refuse(file: string | ArrayAddress, why: string, advice?: string): never {
  const { title, at } = addressOf(file);
  fail('badData', `${title}: ${why}.`, { at, ...(advice === undefined ? {} : { advice }) });
}

import type { ByteSource } from './byte-source.ts';
import { unreadable } from './unreadable.ts';

/** A file within a ZIP file. */
export interface ZipPart {
  /** In bytes, when unpacked. */
  readonly size: number;
  /** Bytes of a range. Throws a FailureError where the part is compressed, encrypted or damaged. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Where the end of the directory is looked for: its record and the longest comment. */
const longestEnd = 22 + 0xffff;
/** Of a directory; a hundred bytes name one part. */
const largestDirectory = 2 ** 28;

/** What a ZIP file holds, by names. Reads its directory only. Throws a FailureError for anything else. */
export async function readZip(source: ByteSource): Promise<ReadonlyMap<string, ZipPart>> {
  const { count, start, end } = await findDirectory(source);
  if (!(start >= 0 && start <= end && end - start <= largestDirectory)) refuse('its directory is damaged');
  const fields = new Fields(await source.read(start, end));
  const parts = new Map<string, ZipPart>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (fields.long(at) !== 0x02014b50) refuse('its directory is damaged');
    const [nameLength, extraLength, commentLength] = [
      fields.short(at + 28),
      fields.short(at + 30),
      fields.short(at + 32),
    ];
    const name = fields.text(at + 46, nameLength);
    const isPlain = (fields.short(at + 8) & 1) === 0 && fields.short(at + 10) === 0;
    const [stored, size, place] = sizesOf(fields, at, at + 46 + nameLength, extraLength);
    if (isPlain && stored !== size) refuse(`the sizes of its part '${name}' contradict each other`);
    if (parts.has(name)) refuse(`it has two parts '${name}'`);
    parts.set(name, zipPart(source, { name, size, place, isPlain }));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return parts;
}

interface Place {
  readonly name: string;
  readonly size: number;
  readonly place: number;
  readonly isPlain: boolean;
}

function zipPart(source: ByteSource, { name, size, place, isPlain }: Place): ZipPart {
  let found: Promise<number> | null = null;
  return {
    size,
    async read(start, end) {
      found ??= dataStart();
      const data = await found;
      return source.read(data + start, data + end);
    },
  };

  /** Names and extra fields before the data may differ from those in the directory. */
  async function dataStart(): Promise<number> {
    if (!isPlain) refuse(`its part '${name}' is compressed or encrypted`);
    const head = new Fields(await readWithin(source, place, place + 30));
    if (head.long(0) !== 0x04034b50) refuse(`its part '${name}' does not begin at the offset of the directory`);
    const data = place + 30 + head.short(26) + head.short(28);
    if (data + size > source.size) refuse('one of its parts lies outside the file');
    return data;
  }
}

async function findDirectory(source: ByteSource) {
  const tailStart = Math.max(0, source.size - longestEnd - 20);
  const tail = new Fields(await source.read(tailStart, source.size));
  for (let end = tail.length - 22; end >= Math.max(0, tail.length - longestEnd); end--) {
    if (tail.long(end) !== 0x06054b50) continue;
    const found = { count: tail.short(end + 10), start: tail.long(end + 16), end: tailStart + end };
    if (found.count !== 0xffff && found.start !== 0xffffffff) return found;
    // ZIP64: a locator stands before the end, and names the place of the longer record.
    if (tail.long(end - 20) !== 0x07064b50) refuse('its directory is damaged');
    const place = tail.longest(end - 12);
    const record = new Fields(await readWithin(source, place, place + 56));
    if (record.long(0) !== 0x06064b50) refuse('its directory is damaged');
    return { count: record.longest(32), start: record.longest(48), end: place };
  }
  return refuse('it has no directory and may be truncated');
}

/** Stored size, size and place of a part. Sizes that do not fit into four bytes stand in a field of their own. */
function sizesOf(fields: Fields, entry: number, extra: number, extraLength: number): readonly [number, number, number] {
  const found = [fields.long(entry + 20), fields.long(entry + 24), fields.long(entry + 42)] as const;
  if (!found.includes(0xffffffff)) return found;
  for (let at = extra; at + 4 <= extra + extraLength; at += 4 + fields.short(at + 2)) {
    if (fields.short(at) !== 1) continue;
    let next = at + 4;
    const take = (value: number): number => {
      if (value !== 0xffffffff) return value;
      next += 8;
      return fields.longest(next - 8);
    };
    // In the order of the specification: uncompressed, compressed, place.
    const size = take(found[1]);
    return [take(found[0]), size, take(found[2])];
  }
  return refuse('its directory is damaged');
}

function readWithin(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  if (!(start >= 0 && end <= source.size)) refuse('one of its parts lies outside the file');
  return source.read(start, end);
}

/** Numbers of a stretch of the file, little-endian; whatever lies outside of it is refused. */
class Fields {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.byteLength;
  }

  short(at: number): number {
    return this.#view.getUint16(this.#within(at, 2), true);
  }

  long(at: number): number {
    return this.#view.getUint32(this.#within(at, 4), true);
  }

  longest(at: number): number {
    return Number(this.#view.getBigUint64(this.#within(at, 8), true));
  }

  text(at: number, length: number): string {
    this.#within(at, length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }

  #within(at: number, length: number): number {
    if (!(at >= 0 && length >= 0 && at + length <= this.length)) refuse('one of its parts lies outside the file');
    return at;
  }
}

function refuse(why: string): never {
  throw unreadable('PyTorch file', why);
}

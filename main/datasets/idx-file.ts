import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { elementCount } from '../../core/catalogue/shape.ts';
import { fail, isErrorWithCode, withFile } from '../failures.ts';

/** First four bytes: unsigned bytes, in one dimension (labels) or three (images). */
const magics = { labels: 0x0801, images: 0x0803 } as const;
/** As the engine has it. */
const largestSplit = 2 ** 36;

export interface IdxFile {
  /** Samples, and of images rows and columns. */
  readonly shape: readonly number[];
  /** Behind the header. */
  readonly content: Uint8Array<ArrayBuffer>;
  readonly headerLength: number;
}

/**
 * Reads an IDX file of bytes, plain or gzipped, and refuses what the engine refuses: another kind of file, fewer bytes
 * than its header says, or more. Of a gzipped file no more is unpacked than the header says.
 */
export async function readIdx(file: string, kind?: keyof typeof magics): Promise<IdxFile> {
  const { size, isRegular } = await withFile(file, async () => {
    const found = await stat(file);
    return { size: found.size, isRegular: found.isFile() };
  });
  if (!isRegular) refuse(file, 'it is not a regular file');
  const isPacked = file.endsWith('.gz');
  const reader = new Reader(file, kind, isPacked ? null : size);
  const stream = createReadStream(file, { highWaterMark: 2 ** 20 });
  try {
    const bytes = isPacked ? stream.pipe(createGunzip()) : stream;
    // A pipe does not pass errors on.
    stream.on('error', (error) => bytes.destroy(error));
    for await (const chunk of bytes) reader.take(chunk as Buffer);
  } catch (error) {
    if (isErrorWithCode(error, 'Z_BUF_ERROR', 'Z_DATA_ERROR')) refuse(file, 'it is truncated or damaged');
    return await withFile(file, () => Promise.reject(error as Error));
  } finally {
    stream.destroy();
  }
  return reader.finish();
}

class Reader {
  readonly #file: string;
  readonly #kind: keyof typeof magics | undefined;
  readonly #size: number | null;
  #start = Buffer.alloc(0);
  #shape: readonly number[] | null = null;
  #headerLength = 0;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(file: string, kind: keyof typeof magics | undefined, size: number | null) {
    this.#file = file;
    this.#kind = kind;
    this.#size = size;
  }

  take(chunk: Buffer): void {
    const rest = this.#shape === null ? this.#takeHeader(chunk) : chunk;
    if (this.#shape === null || rest.length === 0) return;
    this.#chunks.push(rest);
    this.#length += rest.length;
    if (this.#length > elementCount(this.#shape))
      refuse(this.#file, `it is longer than its header declares (${words(this.#shape)})`);
  }

  finish(): IdxFile {
    if (this.#shape === null) return refuse(this.#file, 'it is truncated: its IDX header is incomplete');
    if (this.#length < elementCount(this.#shape)) this.#refuseShort(this.#shape, this.#length);
    const content = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      content.set(chunk, at);
      at += chunk.length;
    }
    return { shape: this.#shape, content, headerLength: this.#headerLength };
  }

  /** What of the chunk lies behind the header. */
  #takeHeader(chunk: Buffer): Buffer {
    this.#start = Buffer.concat([this.#start, chunk]);
    if (this.#start.length < 4) return Buffer.alloc(0);
    const magic = this.#start.readUInt32BE(0);
    const isKind =
      this.#kind === undefined ? Object.values<number>(magics).includes(magic) : magic === magics[this.#kind];
    if (!isKind) {
      const expected = this.#kind === undefined ? 'an IDX file of bytes' : `an IDX file of ${this.#kind}`;
      refuse(this.#file, `expected ${expected}, found one that starts with ${magic.toString(16).padStart(8, '0')}`);
    }
    const dimensions = magic & 0xff;
    this.#headerLength = 4 + 4 * dimensions;
    if (this.#start.length < this.#headerLength) return Buffer.alloc(0);
    const shape = Array.from({ length: dimensions }, (_, index) => this.#start.readUInt32BE(4 + 4 * index));
    if (shape.includes(0)) refuse(this.#file, `its header declares no elements (${words(shape)})`);
    if (elementCount(shape) > largestSplit) refuse(this.#file, 'its header declares an impossible size');
    if (this.#size !== null && this.#size < this.#headerLength + elementCount(shape)) {
      this.#refuseShort(shape, this.#size - this.#headerLength);
    }
    this.#shape = shape;
    return this.#start.subarray(this.#headerLength);
  }

  #refuseShort(shape: readonly number[], found: number): never {
    return refuse(this.#file, `it is truncated: its header declares ${words(shape)} bytes, it has ${found}`);
  }
}

function words(shape: readonly number[]): string {
  return shape.join(' × ');
}

function refuse(file: string, why: string): never {
  return fail('badData', `${file}: ${why}.`, { at: file });
}

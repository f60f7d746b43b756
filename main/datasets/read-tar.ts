import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

export interface TarEntry {
  readonly name: string;
  readonly content: Buffer;
}

const blockSize = 512;
/** No file of the archives read here is larger; a header that claims more is not believed. */
const largestEntry = 64 * 1024 * 1024;

/** The regular files of a gzipped tar archive whose names `wanted` accepts, one after another, in the archive's order. */
export async function* readTar(file: string, wanted: (name: string) => boolean): AsyncGenerator<TarEntry> {
  const reader = new BlockReader(file);
  try {
    for (;;) {
      const header = await reader.take(blockSize);
      if (header === null || header.every((byte) => byte === 0)) return;
      const name = text(header, 0, 100);
      const size = Number.parseInt(text(header, 124, 12), 8);
      if (!Number.isInteger(size) || size < 0 || size > largestEntry) throw new Error(`${file} is not a tar archive`);
      const padded = Math.ceil(size / blockSize) * blockSize;
      const content = await reader.take(padded);
      if (content === null) throw new Error(`${file} ends in the middle of ${name}`);
      const type = String.fromCharCode(header[156] ?? 0);
      if ((type === '0' || type === '\0') && wanted(name)) yield { name, content: content.subarray(0, size) };
    }
  } finally {
    reader.close();
  }
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field
    .subarray(0, end < 0 ? length : end)
    .toString('latin1')
    .trim();
}

/** Hands out an unpacked stream in pieces of the asked size. */
class BlockReader {
  readonly #stream;
  readonly #chunks: AsyncIterator<Buffer>;
  #waiting: Buffer[] = [];
  #available = 0;

  constructor(file: string) {
    // pipeline passes a failure of the file on to the unpacker, where the iterator meets it.
    this.#stream = pipeline(createReadStream(file), createGunzip(), () => undefined);
    this.#chunks = this.#stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Null at the end of the stream. */
  async take(size: number): Promise<Buffer | null> {
    while (this.#available < size) {
      const next = await this.#chunks.next();
      if (next.done) return null;
      this.#waiting.push(next.value);
      this.#available += next.value.length;
    }
    const all = Buffer.concat(this.#waiting);
    this.#waiting = [all.subarray(size)];
    this.#available = all.length - size;
    return all.subarray(0, size);
  }

  close(): void {
    this.#stream.destroy();
  }
}

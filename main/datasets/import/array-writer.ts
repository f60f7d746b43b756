import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { formatNpyHeader, writtenHeaderBytes } from './npy-header.ts';

export type WrittenType = '|u1' | '<i8' | '<f4';

const bufferBytes = 4 << 20;

/** Writes an .npy file row by row; what is gathered beforehand is bounded. */
export class ArrayWriter {
  readonly #handle: FileHandle;
  readonly #type: WrittenType;
  readonly #rowShape: readonly number[];
  readonly #buffer = Buffer.alloc(bufferBytes);
  #used = 0;
  #rows = 0;

  private constructor(handle: FileHandle, type: WrittenType, rowShape: readonly number[]) {
    this.#handle = handle;
    this.#type = type;
    this.#rowShape = rowShape;
  }

  static async open(file: string, type: WrittenType, rowShape: readonly number[]): Promise<ArrayWriter> {
    const handle = await open(file, 'wx');
    await handle.write(new Uint8Array(writtenHeaderBytes));
    return new ArrayWriter(handle, type, rowShape);
  }

  get rows(): number {
    return this.#rows;
  }

  /** The bytes of one row, in this machine's order, which the engine shares. */
  async append(row: Uint8Array): Promise<void> {
    this.#rows++;
    for (let from = 0; from < row.length;) {
      const count = Math.min(row.length - from, bufferBytes - this.#used);
      this.#buffer.set(row.subarray(from, from + count), this.#used);
      this.#used += count;
      from += count;
      if (this.#used === bufferBytes) await this.#flush();
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#flush();
      const header = formatNpyHeader(this.#type, [this.#rows, ...this.#rowShape]);
      await this.#handle.write(header, 0, header.length, 0);
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
  }

  /** Lets go of the file, which is then of no use. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    for (let from = 0; from < this.#used;) {
      from += (await this.#handle.write(this.#buffer, from, this.#used - from)).bytesWritten;
    }
    this.#used = 0;
  }
}

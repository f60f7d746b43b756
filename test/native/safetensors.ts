import { readFile, writeFile } from 'node:fs/promises';

/** Little-endian, as the format and every machine this runs on have it. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

export async function writeSafetensors(file: string, tensors: ReadonlyMap<string, Tensor>): Promise<void> {
  const header: Record<string, Entry> = {};
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const dtype = data instanceof Float32Array ? 'F32' : 'I64';
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const parts = [...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  await writeFile(file, Buffer.concat([length, text, ...parts]));
}

export async function readSafetensors(file: string): Promise<ReadonlyMap<string, Tensor>> {
  const bytes = await readFile(file);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, Entry>;
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    // Copied, so that it starts at a multiple of the element size.
    const { buffer } = Uint8Array.from(bytes.subarray(start + data_offsets[0], start + data_offsets[1]));
    if (dtype !== 'F32' && dtype !== 'I64') throw new Error(`${name} in ${file} is ${dtype}`);
    tensors.set(name, { shape, data: dtype === 'F32' ? new Float32Array(buffer) : new BigInt64Array(buffer) });
  }
  return tensors;
}

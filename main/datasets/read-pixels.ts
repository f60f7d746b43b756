import { elementCount } from '../../core/catalogue/shape.ts';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { SplitFiles } from '../../core/training/plan.ts';
import { fail, withFile } from '../failures.ts';
import { readIdx } from './idx-file.ts';
import type { IdxFile } from './idx-file.ts';
import { npyHeaderEnd, npyPreamble, parseNpyHeader } from './import/npy-header.ts';
import type { NpyHeader } from './import/npy-header.ts';

/** Bytes of a record of CIFAR-10's binary version: a label, then the image. */
const cifarRecord = 1 + 3 * 32 * 32;
/** Bytes before the first image of an IDX file of images. */
const idxHead = 16;

/** Where the bytes of one image or label lie. */
export interface Place {
  readonly file: string;
  readonly at: number;
}

/**
 * Raw pixels of some images of a split as stored, images × channels × height × width, read from the files without the
 * engine; null of samples that are no images of bytes.
 */
export async function readPixels(
  split: SplitFiles,
  inputShape: readonly number[],
  indices: Int32Array,
): Promise<Uint8Array | null> {
  if (inputShape.length !== 3) return null;
  const size = elementCount(inputShape);
  const placeOf = await placesOf(split, size);
  return placeOf && readRecords(placeOf, size, indices);
}

/** Bytes of some records of the same size, one after another. */
export async function readRecords(
  placeOf: (index: number) => Place,
  size: number,
  indices: Int32Array,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(indices.length * size);
  const handles = new Map<string, Promise<Reader>>();
  try {
    await Promise.all(
      Array.from(indices, async (index, place) => {
        const { file, at } = placeOf(index);
        const reader = handles.get(file) ?? openReader(file);
        handles.set(file, reader);
        await (await reader).read(bytes.subarray(place * size, (place + 1) * size), at);
      }),
    );
  } finally {
    for (const reader of await Promise.allSettled(handles.values())) {
      if (reader.status === 'fulfilled') await reader.value.close();
    }
  }
  return bytes;
}

async function placesOf(split: SplitFiles, size: number): Promise<((index: number) => Place) | null> {
  switch (split.format) {
    case 'idx':
      return (index) => ({ file: split.images, at: idxHead + index * size });
    case 'cifar10': {
      const counts = await Promise.all(split.files.map(countRecords));
      return (index) => cifarPlace(split.files, counts, index);
    }
    case 'arrays': {
      const dataAt = await bytesOfArray(split.inputs);
      return dataAt === null ? null : (index) => ({ file: split.inputs, at: dataAt + index * size });
    }
  }
}

export async function countRecords(file: string): Promise<number> {
  const handle = await withFile(file, () => open(file, 'r'));
  const { size } = await handle.stat().finally(() => handle.close());
  return Math.floor(size / cifarRecord);
}

export function cifarPlace(files: readonly string[], counts: readonly number[], index: number): Place {
  let left = index;
  for (const [number, file] of files.entries()) {
    const count = counts[number]!;
    if (left < count) return { file, at: left * cifarRecord + 1 };
    left -= count;
  }
  return { file: files.at(-1)!, at: Infinity };
}

/** Where the numbers of an array of bytes begin; null of other numbers. */
async function bytesOfArray(file: string): Promise<number | null> {
  const { element, dataAt } = await readNpyHeader(file);
  return element.kind === 'u' && element.bytes === 1 ? dataAt : null;
}

export async function readNpyHeader(file: string): Promise<NpyHeader> {
  const handle = await withFile(file, () => open(file, 'r'));
  try {
    const start = await firstBytes(handle, npyPreamble);
    return parseNpyHeader(await firstBytes(handle, npyHeaderEnd(start, file)), file);
  } finally {
    await handle.close();
  }
}

async function firstBytes(handle: FileHandle, count: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(new Uint8Array(count), 0, count, 0);
  return buffer.subarray(0, bytesRead);
}

interface Reader {
  /** Fills `target` with the bytes from `at` on. */
  readonly read: (target: Uint8Array, at: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function openReader(file: string): Promise<Reader> {
  if (file.endsWith('.gz')) return packedReader(file);
  const handle = await withFile(file, () => open(file, 'r'));
  return {
    async read(target, at) {
      const { bytesRead } = await handle.read(target, 0, target.length, Number.isFinite(at) ? at : null);
      if (bytesRead < target.length || !Number.isFinite(at)) refuseEnd(file);
    },
    close: () => handle.close(),
  };
}

/** The last packed file read, unpacked: whoever looks at images asks for more of the same. */
let unpacked: { readonly file: string; readonly content: Promise<Uint8Array> } | null = null;

function packedReader(file: string): Reader {
  if (unpacked?.file !== file) {
    const content = readIdx(file).then(withHeader);
    const reading = { file, content };
    unpacked = reading;
    // A file that was refused may be another one the next time.
    content.catch(() => {
      if (unpacked === reading) unpacked = null;
    });
  }
  const { content } = unpacked;
  return {
    async read(target, at) {
      const bytes = (await content).subarray(at, at + target.length);
      if (bytes.length < target.length) refuseEnd(file);
      target.set(bytes);
    },
    close: () => Promise.resolve(),
  };
}

/** Places are counted from the start of the file. */
function withHeader({ content, headerLength }: IdxFile): Uint8Array {
  const whole = new Uint8Array(headerLength + content.length);
  whole.set(content, headerLength);
  return whole;
}

function refuseEnd(file: string): never {
  return fail('badData', `${file} ends before the requested image.`, { at: file });
}

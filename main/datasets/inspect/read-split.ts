import { open, readFile, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { elementCount } from '../../../core/catalogue/shape.ts';
import type { SplitFiles } from '../../../core/training/plan.ts';
import { fail, withFile } from '../../failures.ts';
import { readIdx } from '../idx-file.ts';
import { readNpyHeader } from '../read-pixels.ts';

/** Some samples of a split, one after another. */
export interface Samples {
  readonly count: number;
  /** Samples × elements: pixels 0…255, or numbers. */
  readonly inputs: Uint8Array | Float32Array;
  /** One a sample; null of a regression. */
  readonly labels: Int32Array | null;
  /** Of a regression, samples × targets. */
  readonly targets: Float32Array | null;
}

/** Bytes at once of what is read piece by piece. */
const pieceBytes = 16 << 20;

/** All samples of a split in their order, read without the engine. */
export async function* readSplit(split: SplitFiles, inputShape: readonly number[]): AsyncGenerator<Samples, void> {
  const size = elementCount(inputShape);
  switch (split.format) {
    case 'idx': {
      const [images, labels] = await Promise.all([readIdx(split.images, 'images'), readIdx(split.labels, 'labels')]);
      const count = images.shape[0]!;
      if (images.content.length !== count * size) {
        const found = images.shape.slice(1).join(' × ');
        fail('badData', `${split.images}: its images are ${found}, not ${inputShape.slice(1).join(' × ')}.`, {
          at: split.images,
        });
      }
      if (labels.shape[0] !== count) {
        const message = `${split.labels}: it holds ${labels.shape[0] ?? 0} labels for the ${count} images of ${split.images}.`;
        fail('badData', message, { at: split.labels });
      }
      yield { count, inputs: images.content, labels: Int32Array.from(labels.content), targets: null };
      return;
    }
    case 'cifar10':
      for (const file of split.files) yield cifarSamples(await readRecordFile(file, size + 1), size);
      return;
    case 'arrays':
      yield* arraySamples(split.inputs, split.targets, size);
  }
}

/** A file of records of the same size, as the engine takes it: not empty, and no part of a record at its end. */
async function readRecordFile(file: string, record: number): Promise<Uint8Array> {
  const size = await withFile(file, async () => {
    const found = await stat(file);
    return found.isFile() ? found.size : 0;
  });
  if (size === 0 || size % record !== 0) {
    const message = `${file}: it is truncated or not a CIFAR-10 binary: ${size} bytes are not a multiple of ${record}.`;
    fail('badData', message, { at: file });
  }
  return withFile(file, () => readFile(file));
}

/** Records of a label and its image. */
function cifarSamples(content: Uint8Array, size: number): Samples {
  const count = Math.floor(content.length / (size + 1));
  const inputs = new Uint8Array(count * size);
  const labels = new Int32Array(count);
  for (let sample = 0; sample < count; sample++) {
    const at = sample * (size + 1);
    labels[sample] = content[at]!;
    inputs.set(content.subarray(at + 1, at + 1 + size), sample * size);
  }
  return { count, inputs, labels, targets: null };
}

/** As an import writes them: |u1 or <f4, and <i8 labels or <f4 targets. */
async function* arraySamples(inputs: string, targets: string, size: number): AsyncGenerator<Samples, void> {
  const [of, told] = await Promise.all([readNpyHeader(inputs), readNpyHeader(targets)]);
  const samples = of.shape[0] ?? 0;
  const areClasses = told.element.kind === 'i';
  const perTarget = areClasses ? 1 : elementCount(told.shape.slice(1));
  const sampleBytes = size * of.element.bytes;
  const [inputFile, targetFile] = await Promise.all([opened(inputs), opened(targets)]);
  try {
    const atOnce = Math.max(1, Math.floor(pieceBytes / sampleBytes));
    for (let first = 0; first < samples; first += atOnce) {
      const count = Math.min(atOnce, samples - first);
      const bytes = await read(inputFile, inputs, of.dataAt + first * sampleBytes, count * sampleBytes);
      const toldBytes = perTarget * told.element.bytes;
      const beside = await read(targetFile, targets, told.dataAt + first * toldBytes, count * toldBytes);
      yield {
        count,
        inputs: of.element.kind === 'u' ? bytes : new Float32Array(bytes.buffer),
        labels: areClasses ? Int32Array.from(new BigInt64Array(beside.buffer), Number) : null,
        targets: areClasses ? null : new Float32Array(beside.buffer),
      };
    }
  } finally {
    await Promise.all([inputFile.close(), targetFile.close()]);
  }
}

function opened(file: string): Promise<FileHandle> {
  return withFile(file, () => open(file, 'r'));
}

async function read(handle: FileHandle, file: string, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  if (bytesRead < length) fail('badData', `${file} ends before its last sample.`, { at: file });
  return bytes;
}

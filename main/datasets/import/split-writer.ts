import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ArrayWriter } from './array-writer.ts';
import { Statistics } from './statistics.ts';

/** Of every sample. */
export interface SampleForm {
  readonly inputShape: readonly number[];
  /** bytes: images of 0…255; floats: anything else. */
  readonly values: 'bytes' | 'floats';
  /** Numbers to tell of each sample; null: one label of a class. */
  readonly targets: number | null;
}

export interface Sample {
  readonly input: Uint8Array | Float32Array;
  /** A class, or the numbers to tell. */
  readonly target: number | Float32Array;
  readonly isTest: boolean;
}

export type SplitName = 'train' | 'test';

export function inputsFile(folder: string, split: SplitName): string {
  return path.join(folder, `${split}-inputs.npy`);
}

export function targetsFile(folder: string, split: SplitName): string {
  return path.join(folder, `${split}-targets.npy`);
}

/** Writes the four arrays of a data set, sample by sample, and gathers what is to be known of them. */
export class SplitWriter {
  readonly #form: SampleForm;
  readonly #writers: Readonly<Record<SplitName, { readonly inputs: ArrayWriter; readonly targets: ArrayWriter }>>;
  readonly #statistics: Statistics;
  readonly #classCounts: Readonly<Record<SplitName, Map<number, number>>> = { train: new Map(), test: new Map() };

  private constructor(form: SampleForm, train: Writers, test: Writers) {
    this.#form = form;
    this.#writers = { train, test };
    this.#statistics = new Statistics(form.inputShape);
  }

  static async open(folder: string, form: SampleForm): Promise<SplitWriter> {
    await mkdir(folder, { recursive: true });
    return new SplitWriter(form, await openWriters(folder, 'train', form), await openWriters(folder, 'test', form));
  }

  async add({ input, target, isTest }: Sample): Promise<void> {
    const split = isTest ? 'test' : 'train';
    const { inputs, targets } = this.#writers[split];
    await inputs.append(bytesOf(input));
    if (typeof target === 'number') {
      await targets.append(bytesOf(BigInt64Array.of(BigInt(target))));
      const counts = this.#classCounts[split];
      counts.set(target, (counts.get(target) ?? 0) + 1);
    } else {
      await targets.append(bytesOf(target));
    }
    if (!isTest) this.#statistics.add(input);
  }

  samples(split: SplitName): number {
    return this.#writers[split].inputs.rows;
  }

  classCounts(split: SplitName, classes: number): readonly number[] {
    return Array.from({ length: classes }, (_, label) => this.#classCounts[split].get(label) ?? 0);
  }

  /** Of the training samples: of bytes as fractions of 255. */
  statistics(): { readonly mean: readonly number[]; readonly std: readonly number[] } {
    return this.#statistics.result(this.#form.values === 'bytes' ? 255 : 1);
  }

  async finish(): Promise<void> {
    for (const writer of this.#all()) await writer.finish();
  }

  async abandon(): Promise<void> {
    for (const writer of this.#all()) await writer.abandon();
  }

  #all(): readonly ArrayWriter[] {
    return Object.values(this.#writers).flatMap(({ inputs, targets }) => [inputs, targets]);
  }
}

type Writers = { readonly inputs: ArrayWriter; readonly targets: ArrayWriter };

async function openWriters(folder: string, split: SplitName, form: SampleForm): Promise<Writers> {
  const inputs = await ArrayWriter.open(
    inputsFile(folder, split),
    form.values === 'bytes' ? '|u1' : '<f4',
    form.inputShape,
  );
  const ofTargets: readonly ['<i8' | '<f4', readonly number[]] =
    form.targets === null ? ['<i8', []] : ['<f4', [form.targets]];
  return { inputs, targets: await ArrayWriter.open(targetsFile(folder, split), ...ofTargets) };
}

function bytesOf(array: Uint8Array | Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

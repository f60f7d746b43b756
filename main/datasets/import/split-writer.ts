import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { samplesInBoth } from '../../../core/inspection/duplicate-figures.ts';
import type { SharedSample } from '../../../core/inspection/duplicate-figures.ts';
import { digestOf, equalSamples } from '../inspect/equal-samples.ts';
import { ArrayWriter } from './array-writer.ts';
import { addressInWords } from './sample-address.ts';
import { Statistics } from './statistics.ts';
import { TargetWriter } from './target-writer.ts';
import type { PositionUnit } from '../../../core/contract/evaluation.ts';
import type { TargetStatistics } from '../../../core/training/plan-targets.ts';

/** Of every sample. */
export interface SampleForm {
  readonly inputShape: readonly number[];
  /** bytes: images of 0…255; floats: anything else. */
  readonly values: 'bytes' | 'floats';
  /** Numbers to predict for each sample; null: one label of a class. */
  readonly targets: number | null;
  /** Subtracted from each column of floats before they are stored. */
  readonly origins?: readonly number[];
  /** What the positions of samples count; absent: samples have none. */
  readonly positions?: PositionUnit;
}

export interface Sample {
  readonly input: Uint8Array | Float32Array | Float64Array;
  /** A class, or the numbers to predict. */
  readonly target: number | Float32Array | Float64Array;
  readonly isTest: boolean;
  /** Of the file that holds it alone, below the source. */
  readonly name?: string;
  /** Where it stands in the file that holds it with others. */
  readonly position?: number;
}

/** Some of them in words. */
export interface CountedSamples {
  readonly count: number;
  readonly examples: readonly string[];
}

const examplesKept = 3;

export type SplitName = 'train' | 'test';

export function inputsFile(folder: string, split: SplitName): string {
  return path.join(folder, `${split}-inputs.npy`);
}

export function targetsFile(folder: string, split: SplitName): string {
  return path.join(folder, `${split}-targets.npy`);
}

/** Names of the files that samples came from, in the order of the samples, as JSON; only of data with a file for each. */
export function namesFile(folder: string, split: SplitName): string {
  return path.join(folder, `${split}-names.json`);
}

/** Where samples stand in the file they came from, in the order of the samples: see `SamplePositions`. */
export function positionsFile(folder: string, split: SplitName): string {
  return path.join(folder, `${split}-positions.json`);
}

/** Of a regression: the targets less their mean, by their deviation. */
export function standardTargetsFile(folder: string, split: SplitName): string {
  return path.join(folder, `${split}-standard-targets.npy`);
}

/** Writes the four arrays of a data set, sample by sample, and gathers what is to be known of them. */
export class SplitWriter {
  readonly #folder: string;
  readonly #form: SampleForm;
  readonly #names: Readonly<Record<SplitName, string[]>> = { train: [], test: [] };
  readonly #positions: Readonly<Record<SplitName, number[]>> = { train: [], test: [] };
  readonly #writers: Readonly<Record<SplitName, { readonly inputs: ArrayWriter; readonly targets: ArrayWriter }>>;
  readonly #statistics: Statistics;
  /** Null where there are classes. */
  readonly #targets: TargetWriter | null;
  readonly #classCounts: Readonly<Record<SplitName, Map<number, number>>> = { train: new Map(), test: new Map() };
  readonly #digests: Readonly<Record<SplitName, string[]>> = { train: [], test: [] };
  /** Label or target, the same for the same ones. */
  readonly #told: Readonly<Record<SplitName, (string | number)[]>> = { train: [], test: [] };

  private constructor(folder: string, form: SampleForm, train: Writers, test: Writers) {
    this.#folder = folder;
    this.#targets = form.targets === null ? null : new TargetWriter(form.targets);
    this.#form = form;
    this.#writers = { train, test };
    this.#statistics = new Statistics(form.inputShape);
  }

  static async open(folder: string, form: SampleForm): Promise<SplitWriter> {
    await mkdir(folder, { recursive: true });
    return new SplitWriter(
      folder,
      form,
      await openWriters(folder, 'train', form),
      await openWriters(folder, 'test', form),
    );
  }

  async add({ input, target, isTest, name, position }: Sample): Promise<void> {
    const split = isTest ? 'test' : 'train';
    const { inputs, targets } = this.#writers[split];
    const stored = this.#stored(input);
    await inputs.append(bytesOf(stored));
    this.#digests[split].push(digestOf(stored));
    this.#told[split].push(typeof target === 'number' ? target : Float32Array.from(target).join());
    if (typeof target === 'number') {
      await targets.append(bytesOf(BigInt64Array.of(BigInt(target))));
      const counts = this.#classCounts[split];
      counts.set(target, (counts.get(target) ?? 0) + 1);
    } else {
      await targets.append(bytesOf(Float32Array.from(target)));
      this.#targets?.add(target, split);
    }
    if (name !== undefined) this.#names[split].push(name);
    if (position !== undefined) this.#positions[split].push(position);
    if (!isTest) this.#statistics.add(stored);
  }

  #stored(input: Sample['input']): Uint8Array | Float32Array {
    const { origins } = this.#form;
    if (origins !== undefined) return Float32Array.from(input, (value, column) => value - origins[column]!);
    return input instanceof Float64Array ? Float32Array.from(input) : input;
  }

  samples(split: SplitName): number {
    return this.#writers[split].inputs.rows;
  }

  classCounts(split: SplitName, classes: number): readonly number[] {
    return Array.from({ length: classes }, (_, label) => this.#classCounts[split].get(label) ?? 0);
  }

  /** Of the training samples: of bytes as fractions of 255. */
  statistics(): { readonly mean: readonly number[]; readonly std: readonly number[] } {
    const { values, origins } = this.#form;
    const { mean, std } = this.#statistics.result(values === 'bytes' ? 255 : 1);
    return { mean: origins === undefined ? mean : mean.map((value, column) => value + origins[column]!), std };
  }

  /** Test samples that are among the training samples too, to the byte. */
  sharedSamples(): Readonly<Record<'identical' | 'contradictory', CountedSamples>> {
    const { train, test } = this.#digests;
    const trainSamples = train.length;
    const targetOf = (sample: number): string | number =>
      sample < trainSamples ? this.#told.train[sample]! : this.#told.test[sample - trainSamples]!;
    const { identical, contradictory } = samplesInBoth(equalSamples([...train, ...test]), { trainSamples, targetOf });
    return { identical: this.#counted(identical), contradictory: this.#counted(contradictory) };
  }

  #counted(samples: readonly SharedSample[]): CountedSamples {
    const examples = samples.slice(0, examplesKept).flatMap((sample) => {
      const test = this.#addressOf('test', sample.test - this.samples('train'));
      const train = this.#addressOf('train', sample.train);
      return test === null || train === null ? [] : [`test ${test} and training ${train}`];
    });
    return { count: samples.length, examples };
  }

  #addressOf(split: SplitName, index: number): string | null {
    const { positions: unit } = this.#form;
    return addressInWords(index, {
      files: this.#names[split],
      positions: unit === undefined ? null : { unit, numbers: this.#positions[split] },
    });
  }

  /** Of the training samples of a regression; null where there are classes. */
  targetStatistics(): TargetStatistics | null {
    return this.#targets?.statistics() ?? null;
  }

  async finish(): Promise<void> {
    for (const writer of this.#all()) await writer.finish();
    for (const split of ['train', 'test'] as const) {
      const names = this.#names[split];
      if (names.length > 0) await writeFile(namesFile(this.#folder, split), JSON.stringify(names));
      const numbers = this.#positions[split];
      const { positions: unit } = this.#form;
      if (unit === undefined || numbers.length === 0) continue;
      await writeFile(positionsFile(this.#folder, split), JSON.stringify({ unit, numbers }));
    }
    const fileOf = (split: SplitName): string => standardTargetsFile(this.#folder, split);
    await this.#targets?.write({ train: fileOf('train'), test: fileOf('test') });
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

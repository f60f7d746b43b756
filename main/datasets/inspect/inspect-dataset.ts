import { elementCount } from '../../../core/catalogue/shape.ts';
import type { InspectedSamples, SplitInspection, SplitName } from '../../../core/contract/inspection.ts';
import { duplicateFigures } from '../../../core/inspection/duplicate-figures.ts';
import type { FoundGroup, NumberedSamples } from '../../../core/inspection/duplicate-figures.ts';
import type { SplitFiles } from '../../../core/training/plan.ts';
import { fail } from '../../failures.ts';
import { Statistics } from '../import/statistics.ts';
import type { OnProgress } from '../progress.ts';
import { ChannelRange } from './channel-range.ts';
import { digestOf, equalSamples } from './equal-samples.ts';
import { readSplit } from './read-split.ts';
import type { Samples } from './read-split.ts';

/** What is read of a data set, as far as it can be told without reading it. */
export interface InspectedFiles {
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  readonly inputShape: readonly number[];
  readonly values: 'bytes' | 'floats';
  readonly classNames: readonly string[];
  /** Of a regression; else 0. */
  readonly targets: number;
  /** What was subtracted from each column before it was stored; absent: nothing. */
  readonly origins?: readonly number[];
}

/** Reads every sample of a data set once. */
export async function inspectDataset(files: InspectedFiles, onProgress: OnProgress): Promise<InspectedSamples> {
  const { inputShape, values, classNames, targets, origins } = files;
  const reader = new Reader(files, onProgress);
  const train = await reader.read('train');
  const test = await reader.read('test');
  const unit = values === 'bytes' ? 255 : 1;
  return {
    ...{ inputShape, values, classNames, targets },
    splits: { train, test },
    ...asInTable(reader.statistics.result(unit), reader.range.result(unit), origins),
    duplicates: duplicateFigures(reader.equals(), numbered(train, test)),
  };
}

type Found = Pick<InspectedSamples, 'statistics' | 'range'>;

function asInTable(statistics: Found['statistics'], range: Found['range'], origins: InspectedFiles['origins']): Found {
  if (origins === undefined) return { statistics, range };
  const moved = (values: readonly number[]): number[] => values.map((value, column) => value + origins[column]!);
  return {
    statistics: { ...statistics, mean: moved(statistics.mean) },
    range: { least: moved(range.least), most: moved(range.most) },
  };
}

class Reader {
  readonly statistics: Statistics;
  readonly range: ChannelRange;
  readonly #files: InspectedFiles;
  readonly #onProgress: OnProgress;
  readonly #size: number;
  readonly #digests: string[] = [];

  constructor(files: InspectedFiles, onProgress: OnProgress) {
    this.#files = files;
    this.#onProgress = onProgress;
    this.#size = elementCount(files.inputShape);
    this.statistics = new Statistics(files.inputShape);
    this.range = new ChannelRange(files.inputShape);
  }

  async read(name: SplitName): Promise<SplitInspection> {
    const { inputShape, classNames } = this.#files;
    const pieces: Samples[] = [];
    for await (const piece of readSplit(this.#files[name], inputShape)) {
      await this.#take(piece, name);
      pieces.push(piece);
    }
    const labels = Int32Array.from(pieces.flatMap(({ labels: some }) => (some === null ? [] : [...some])));
    const classCounts = classNames.map(() => 0);
    for (const label of labels) {
      if (classCounts[label] === undefined) {
        fail('badData', `A ${name} sample is of class ${label}; there are ${classNames.length} classes.`);
      }
      classCounts[label] += 1;
    }
    const arePoints = inputShape.length === 1 && inputShape[0] === 2;
    return {
      samples: pieces.reduce((sum, { count }) => sum + count, 0),
      ...{ labels, classCounts },
      targets: joined(pieces.map(({ targets }) => targets)),
      points: joined(arePoints ? pieces.map(({ inputs }) => Float32Array.from(inputs)) : []),
    };
  }

  /** Groups of samples that are equal to the byte. */
  equals(): readonly FoundGroup[] {
    return equalSamples(this.#digests);
  }

  async #take({ count, inputs }: Samples, name: SplitName): Promise<void> {
    const size = this.#size;
    for (let sample = 0; sample < count; sample++) {
      const input = inputs.subarray(sample * size, (sample + 1) * size);
      if (name === 'train') {
        this.statistics.add(input);
        this.range.add(input);
      }
      this.#digests.push(digestOf(input));
      if (this.#digests.length % 2048 === 0) await this.#tell(name);
    }
  }

  async #tell(name: SplitName): Promise<void> {
    const stage = name === 'train' ? 'reading the training samples' : 'reading the test samples';
    this.#onProgress({ stage, done: this.#digests.length, total: null });
    // The process says that it lives.
    await new Promise(setImmediate);
  }
}

function joined(pieces: readonly (Float32Array | null)[]): Float32Array {
  const given = pieces.filter((piece) => piece !== null);
  const all = new Float32Array(given.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of given) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

type ToldSplit = Pick<SplitInspection, 'samples' | 'labels' | 'targets'>;

/** Training samples first. */
export function numbered(train: ToldSplit, test: ToldSplit): NumberedSamples {
  const placeOf = (sample: number) =>
    sample < train.samples ? { split: train, index: sample } : { split: test, index: sample - train.samples };
  return {
    trainSamples: train.samples,
    labelOf: (sample) => {
      const { split, index } = placeOf(sample);
      return split.labels[index] ?? null;
    },
    targetOf: (sample) => {
      const { split, index } = placeOf(sample);
      const label = split.labels[index];
      if (label !== undefined) return label;
      const each = split.targets.length / split.samples;
      return split.targets.subarray(index * each, (index + 1) * each).join();
    },
  };
}

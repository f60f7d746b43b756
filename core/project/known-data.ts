import type { InputValues } from '../training/plan-normalise.ts';

/** What a project is checked against: what is known of its data once they were read. */
export interface DataFacts {
  /** Of one sample, without the batch: [channels, height, width]. */
  readonly inputShape: readonly number[];
  /** 0: a regression. */
  readonly classes: number;
  /** Of a regression: how many numbers are predicted for each sample. */
  readonly targets?: number;
  /** Absent: images of bytes, of which nothing more is known. */
  readonly values?: InputValues;
  /** To train on, without copies; absent: not known, or checked when the run began. */
  readonly trainSamples?: number;
}

/** What a network for such data gives for each sample: one number per class, or one per target. */
export function outputsFor({ classes, targets }: DataFacts): number {
  return targets ?? classes;
}

/** Data sets whose facts are known before they are read. */
export const knownData: ReadonlyMap<string, DataFacts> = new Map<string, DataFacts>([
  ['mnist', { inputShape: [1, 28, 28], classes: 10, trainSamples: 60_000 }],
  ['fashion-mnist', { inputShape: [1, 28, 28], classes: 10, trainSamples: 60_000 }],
  ['cifar10', { inputShape: [3, 32, 32], classes: 10, trainSamples: 50_000 }],
  ['spirals', { inputShape: [2], classes: 3, values: { kind: 'floats' } }],
]);

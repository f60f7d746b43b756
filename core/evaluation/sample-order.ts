import type { Judgement } from './judgement.ts';

export const sampleSorts = ['confidence', 'loss', 'index'] as const;
/** By confidence and by loss the greatest first. */
export type SampleSort = (typeof sampleSorts)[number];

/** Which samples to look at: what they are, and what was said of them. */
export interface Cell {
  /** Null: any. */
  readonly label: number | null;
  readonly predicted: number | null;
}

/** Indices of the samples told wrong, in order. */
export function mismatchesOf({ labels, predicted }: Pick<Judgement, 'labels' | 'predicted'>): Int32Array {
  return Int32Array.from(labels.keys()).filter((sample) => labels[sample] !== predicted[sample]);
}

/** Indices of the samples of a cell of the confusion matrix, right or wrong, in order. */
export function samplesOfCell({ labels, predicted }: Pick<Judgement, 'labels' | 'predicted'>, cell: Cell): Int32Array {
  return Int32Array.from(labels.keys()).filter(
    (sample) =>
      (cell.label === null || labels[sample] === cell.label) &&
      (cell.predicted === null || predicted[sample] === cell.predicted),
  );
}

/** Of equal ones the first comes first. */
export function sorted(samples: Int32Array, by: SampleSort, { confidences, losses }: Judgement): Int32Array {
  if (by === 'index') return samples.toSorted();
  return greatestFirst(samples, by === 'confidence' ? confidences : losses);
}

/** `figures`: one of every sample. Of equal ones the first comes first. */
export function greatestFirst(samples: Int32Array, figures: Float32Array): Int32Array {
  return samples.toSorted((one, other) => figures[other]! - figures[one]! || one - other);
}

import { sum } from './confusion.ts';
import type { ConfusionMatrix } from './confusion.ts';
import { mapInterval, wilsonInterval } from './interval.ts';
import type { Interval } from './interval.ts';

/** Each a fraction 0…1 with its 95 % interval; null where there is nothing to divide by. */
export interface ClassFigures {
  readonly label: number;
  readonly samples: number;
  readonly right: number;
  /** Samples of any class that were taken for this one. */
  readonly predicted: number;
  /** Of the class's samples those told right: its accuracy. */
  readonly recall: Estimate | null;
  /** Of the samples taken for this class those that are of it. */
  readonly precision: Estimate | null;
  readonly f1: Estimate | null;
}

export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

export function classFigures(matrix: ConfusionMatrix): ClassFigures[] {
  return matrix.map((row, label) => {
    const samples = sum(row);
    const right = row[label]!;
    const predicted = sum(matrix.map((other) => other[label]!));
    const recall = estimate(right, samples);
    return {
      label,
      samples,
      right,
      predicted,
      recall,
      precision: estimate(right, predicted),
      f1: f1(right, samples, predicted),
    };
  });
}

export function estimate(right: number, of: number): Estimate | null {
  const interval = wilsonInterval(right, of);
  return interval && { value: right / of, interval };
}

/**
 * The harmonic mean of precision and recall. It is 2 J / (1 + J) of the share J that the right ones have of all samples
 * that are of the class or were taken for it (Jaccard), so that the interval of that proportion gives its own.
 */
function f1(right: number, samples: number, predicted: number): Estimate | null {
  const interval = mapInterval(
    wilsonInterval(right, samples + predicted - right),
    (share) => (2 * share) / (1 + share),
  );
  return interval && { value: (2 * right) / (samples + predicted), interval };
}

/** Means over the classes that have samples, each counting the same. */
export function macroFigures(figures: readonly ClassFigures[]): Record<'recall' | 'precision' | 'f1', number> {
  const present = figures.filter(({ samples }) => samples > 0);
  // A class that was never named is named rightly never, as scikit-learn has it.
  const mean = (of: (figures: ClassFigures) => Estimate | null): number =>
    sum(present.map((each) => of(each)?.value ?? 0)) / present.length;
  return { recall: mean((of) => of.recall), precision: mean((of) => of.precision), f1: mean((of) => of.f1) };
}

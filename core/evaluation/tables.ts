import { csv } from '../code/csv.ts';
import type { Calibration } from './calibration.ts';
import type { ClassFigures, Estimate } from './class-figures.ts';
import type { Confusion, ConfusionMatrix } from './confusion.ts';
import type { ClassPredictions, Judgement } from './judgement.ts';

/** Figures as CSV, to be kept. An empty field: there is no such figure. */

type NameOf = (label: number) => string;

/** A row a true class, a column a class said. */
export function matrixTable(matrix: ConfusionMatrix, nameOf: NameOf): string {
  const names = matrix.map((_, label) => nameOf(label));
  return csv([['true class', ...names], ...matrix.map((row, label) => [names[label]!, ...row])]);
}

export function classTable(classes: readonly ClassFigures[], nameOf: NameOf): string {
  const columns = ['recall', 'precision', 'F1'].flatMap((name) => [name, `${name} from`, `${name} to`]);
  return csv([
    ['class', 'samples', 'right', 'said', ...columns],
    ...classes.map(({ label, samples, right, said, recall, precision, f1 }) => [
      ...[nameOf(label), samples, right, said],
      ...[recall, precision, f1].flatMap(fieldsOf),
    ]),
  ]);
}

function fieldsOf(estimate: Estimate | null): readonly (number | string)[] {
  return estimate === null ? ['', '', ''] : [estimate.value, estimate.interval.low, estimate.interval.high];
}

export function confusionTable(confusions: readonly Confusion[], nameOf: NameOf): string {
  const rows = confusions.map(({ label, said, count }) => [nameOf(label), nameOf(said), count]);
  return csv([['true class', 'said', 'samples'], ...rows]);
}

export function calibrationTable({ bins }: Calibration): string {
  const rows = bins.map(({ low, high, samples, confidence, accuracy }) => [
    ...[low, high, samples],
    ...[confidence ?? '', accuracy ?? ''],
  ]);
  return csv([['confidence above', 'up to', 'samples', 'mean confidence', 'accuracy'], ...rows]);
}

/** A row for each of the samples wanted, with the probabilities of all classes. */
export function sampleTable(
  samples: Int32Array,
  { classes, probabilities }: ClassPredictions,
  { labels, said, confidences, losses }: Judgement,
  nameOf: NameOf,
): string {
  const shares = Array.from({ length: classes }, (_, label) => `p(${nameOf(label)})`);
  return csv([
    ['sample', 'true class', 'said', 'confidence', 'cross-entropy', ...shares],
    ...Array.from(samples, (sample) => [
      ...[sample, nameOf(labels[sample]!), nameOf(said[sample]!), confidences[sample]!, losses[sample]!],
      ...probabilities.subarray(sample * classes, (sample + 1) * classes),
    ]),
  ]);
}

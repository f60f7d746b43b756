import { csv } from '../code/csv.ts';
import type { SamplePositions } from '../contract/evaluation.ts';
import type { Calibration } from './calibration.ts';
import type { ClassFigures, Estimate } from './class-figures.ts';
import type { Confusion, ConfusionMatrix } from './confusion.ts';
import type { ClassPredictions, Judgement } from './judgement.ts';
import type { RegressionEvaluation, RegressionFigures } from './regression-figures.ts';

/** Figures as CSV, to be kept. An empty field: there is no such figure. */

type NameOf = (label: number) => string;

/** A row for each true class, a column for each predicted class. */
export function matrixTable(matrix: ConfusionMatrix, nameOf: NameOf): string {
  const names = matrix.map((_, label) => nameOf(label));
  return csv([['true class', ...names], ...matrix.map((row, label) => [names[label]!, ...row])]);
}

export function classTable(classes: readonly ClassFigures[], nameOf: NameOf): string {
  const columns = ['recall', 'precision', 'F1'].flatMap((name) => [name, `${name} from`, `${name} to`]);
  return csv([
    ['class', 'samples', 'right', 'predicted', ...columns],
    ...classes.map(({ label, samples, right, predicted, recall, precision, f1 }) => [
      ...[nameOf(label), samples, right, predicted],
      ...[recall, precision, f1].flatMap(fieldsOf),
    ]),
  ]);
}

function fieldsOf(estimate: Estimate | null): readonly (number | string)[] {
  return estimate === null ? ['', '', ''] : [estimate.value, estimate.interval.low, estimate.interval.high];
}

export function confusionTable(confusions: readonly Confusion[], nameOf: NameOf): string {
  const rows = confusions.map(({ label, predicted, count }) => [nameOf(label), nameOf(predicted), count]);
  return csv([['true class', 'predicted', 'samples'], ...rows]);
}

export function calibrationTable({ bins }: Calibration): string {
  const rows = bins.map(({ low, high, samples, confidence, accuracy }) => [
    ...[low, high, samples],
    ...[confidence ?? '', accuracy ?? ''],
  ]);
  return csv([['confidence above', 'up to', 'samples', 'mean confidence', 'accuracy'], ...rows]);
}

/** Where each sample is found in the user's own files; null: not known. */
export interface SampleSources {
  readonly files: readonly string[] | null;
  readonly positions: SamplePositions | null;
}

const noSources: SampleSources = { files: null, positions: null };

interface SourceColumns {
  readonly titles: readonly string[];
  readonly fieldsOf: (sample: number) => readonly (string | number)[];
}

function sourceColumns({ files, positions }: SampleSources): SourceColumns {
  return {
    titles: [...(files === null ? [] : ['file']), ...(positions === null ? [] : [positions.unit])],
    fieldsOf: (sample) => [
      ...(files === null ? [] : [files[sample] ?? '']),
      ...(positions === null ? [] : [positions.numbers[sample] ?? '']),
    ],
  };
}

/** What the columns of each target are called; those without a name by their number. */
export function targetTitles(names: readonly string[], targets: number): readonly string[] {
  return Array.from({ length: targets }, (_, target) => names[target] ?? `target ${target + 1}`);
}

/** A row for each sample of a regression: what each target is, what was predicted of it, and the difference. */
export function predictionTable(
  predicted: Float32Array,
  wanted: Float32Array,
  targetNames: readonly string[],
  sources: SampleSources = noSources,
): string {
  const targets = targetNames.length;
  const source = sourceColumns(sources);
  return csv([
    ['sample', ...source.titles, ...targetNames.flatMap((name) => [name, `${name} predicted`, `${name} error`])],
    ...Array.from({ length: wanted.length / targets }, (_, sample) => [
      sample,
      ...source.fieldsOf(sample),
      ...targetNames.flatMap((_name, target) => {
        const at = sample * targets + target;
        return [wanted[at]!, predicted[at]!, predicted[at]! - wanted[at]!].map(asSingle);
      }),
    ]),
  ]);
}

/** As many digits as the engine's 32 bits hold. */
function asSingle(value: number): number {
  return Number(value.toPrecision(7));
}

/** A row for each target of a regression: its errors, and beside them those of predicting the mean. */
export function targetTable({ each, baseline }: RegressionEvaluation, targetNames: readonly string[]): string {
  const fieldsOfTarget = ({ r2, rootMeanSquare, meanAbsolute }: RegressionFigures): readonly (number | string)[] => [
    r2 ?? '',
    rootMeanSquare,
    meanAbsolute,
  ];
  const titles = ['R²', 'RMSE', 'MAE'];
  return csv([
    ['target', ...titles, ...titles.map((title) => `${title} of the mean`)],
    ...each.map((figures, target) => [
      targetNames[target]!,
      ...fieldsOfTarget(figures),
      ...fieldsOfTarget(baseline.each[target]!),
    ]),
  ]);
}

/** A row for each of the samples wanted, with the probabilities of all classes. */
export function sampleTable(
  samples: Int32Array,
  { classes, probabilities }: ClassPredictions,
  { labels, predicted, confidences, losses }: Judgement,
  nameOf: NameOf,
  sources: SampleSources = noSources,
): string {
  const source = sourceColumns(sources);
  const shares = Array.from({ length: classes }, (_, label) => `p(${nameOf(label)})`);
  return csv([
    ['sample', ...source.titles, 'true class', 'predicted', 'confidence', 'cross-entropy', ...shares],
    ...Array.from(samples, (sample) => [
      sample,
      ...source.fieldsOf(sample),
      ...[nameOf(labels[sample]!), nameOf(predicted[sample]!), confidences[sample]!, losses[sample]!],
      ...probabilities.subarray(sample * classes, (sample + 1) * classes),
    ]),
  ]);
}

import { viewsInWords } from '../../../core/catalogue/evaluate-views.ts';
import type { ClassifierFigures } from '../../../core/evaluation/classifier-figures.ts';
import type { Estimate } from '../../../core/evaluation/class-figures.ts';
import type { Comparison } from '../../../core/evaluation/compare-runs.ts';
import { agreements, chanceInWords } from '../../../core/evaluation/compare-runs.ts';
import { confusionSentence } from '../../../core/evaluation/confusion-words.ts';
import type { Weights } from '../../../core/contract/runs.ts';
import type { PlanTraining } from '../../../core/training/plan.ts';
import type { CheckpointPosition } from '../../runs/checkpoint-index.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { count, figure, percent, table } from '../format.ts';

/** What `evaluate` found of a classifier. */
export interface Evaluated {
  readonly run: RunRow;
  readonly checkpoint: CheckpointPosition;
  readonly weights: Weights;
  /** By the recipe's loss. */
  readonly loss: number;
  readonly figures: ClassifierFigures;
  /** Of probabilities averaged over `views` views of each image; null: not asked for. */
  readonly averaged: ClassifierFigures | null;
  readonly views: number;
  /** What `loss` and `figures` are of: the recipe's choice. */
  readonly evaluateViews: PlanTraining['evaluateViews'];
  readonly compared: { readonly run: string; readonly comparison: Comparison } | null;
  readonly nameOf: (label: number) => string;
}

const confusionsShown = 10;

/** For programs. */
export function printedFigures({ run, checkpoint, weights, loss, figures, nameOf, ...more }: Evaluated): object {
  const { averaged, views, evaluateViews, compared } = more;
  const probabilityFigures = (of: ClassifierFigures): object => ({
    logLoss: of.logLoss,
    accuracy: of.accuracy?.value ?? null,
  });
  return {
    event: 'evaluated',
    ...{ run: run.id, checkpoint, weights, samples: figures.samples, loss },
    ...(evaluateViews !== 'plain' && { evaluateViews }),
    accuracy: figures.accuracy?.value ?? null,
    interval: figures.accuracy?.interval ?? null,
    ...{ logLoss: figures.logLoss, topFive: figures.topFive, macro: figures.macro },
    ...(averaged && {
      augmented: { views, plain: probabilityFigures(figures), averaged: probabilityFigures(averaged) },
    }),
    classes: figures.classes.map(({ label, samples, right, predicted, recall, precision, f1 }) => ({
      ...{ name: nameOf(label), samples, right, said: predicted, accuracy: recall?.value ?? null },
      ...{ recall, precision, f1 },
    })),
    matrix: figures.matrix,
    confusions: figures.confusions
      .slice(0, confusionsShown)
      .map((cell) => ({ label: nameOf(cell.label), judged: nameOf(cell.predicted), count: cell.count })),
    calibration: figures.calibration,
    ...(compared && { compared: { run: compared.run, ...countsOf(compared.comparison) } }),
  };
}

function countsOf({ samples, sameError, chance }: Comparison): object {
  const counts = Object.fromEntries(agreements.map((name) => [name, samples[name].length]));
  return { ...counts, sameError, chance };
}

/** For people. */
export function printFigures(evaluated: Evaluated): string[] {
  const { run, checkpoint, weights, loss, figures, averaged, views, compared, nameOf } = evaluated;
  const { accuracy, topFive, calibration, confusions } = figures;
  const seen = viewsInWords(evaluated);
  return [
    `${run.id}, checkpoint ${checkpoint.directory}, ${weights} weights, ${count(figures.samples)} test samples`,
    ...(seen === null ? [] : [seen]),
    `loss ${figure(loss)}, accuracy ${withInterval(accuracy)}` +
      (topFive === null ? '' : `, top-5 accuracy ${percent(topFive)}`),
    `expected calibration error ${percent(calibration.expectedError)}`,
    ...(averaged === null ? [] : augmentedLines(figures, averaged, views, seen === null ? 'one view' : 'above')),
    '',
    ...classLines(figures, nameOf),
    ...(confusions.length > 0 ? ['', 'Largest confusions:'] : []),
    ...confusions.slice(0, confusionsShown).map((cell) => `  ${confusionSentence(cell, figures.classes, nameOf)}`),
    ...(compared === null ? [] : ['', ...comparedLines(compared)]),
  ];
}

function augmentedLines(
  plain: ClassifierFigures,
  averaged: ClassifierFigures,
  views: number,
  beside: string,
): string[] {
  return [
    `probabilities averaged over ${views} views of each image:`,
    `  log loss ${figure(averaged.logLoss)} (${beside} ${figure(plain.logLoss)})`,
    `  accuracy ${withInterval(averaged.accuracy)} (${beside} ${percent(plain.accuracy?.value ?? null)})`,
  ];
}

function classLines({ classes }: ClassifierFigures, nameOf: (label: number) => string): string[] {
  const titles = ['samples', 'correct', 'accuracy', '95 % interval', 'precision', 'F1'];
  const columns = [
    { title: 'class', align: 'left' } as const,
    ...titles.map((title) => ({ title, align: 'right' }) as const),
  ];
  const rows = classes.map(({ label, samples, right, recall, precision, f1 }) => [
    ...[nameOf(label), count(samples), count(right), percent(recall?.value ?? null)],
    recall === null ? '–' : `${percent(recall.interval.low)} … ${percent(recall.interval.high)}`,
    ...[precision, f1].map((estimate) => percent(estimate?.value ?? null)),
  ]);
  return [...table(columns, rows)];
}

function comparedLines({ run, comparison }: NonNullable<Evaluated['compared']>): string[] {
  const { samples, sameError, chance } = comparison;
  return [
    `Against ${run} on the same samples: both correct ${count(samples.bothRight.length)}, ` +
      `only this one ${count(samples.onlyFirst.length)}, only the other ${count(samples.onlySecond.length)}, ` +
      `both wrong ${count(samples.bothWrong.length)} (${count(sameError)} with the same prediction)`,
    `If both were equally good, they would differ by this much or more with a probability of ${chanceInWords(chance)} (McNemar's exact test).`,
  ];
}

function withInterval(estimate: Estimate | null): string {
  if (estimate === null) return '–';
  const { low, high } = estimate.interval;
  return `${percent(estimate.value)} (95 %: ${percent(low)} … ${percent(high)})`;
}

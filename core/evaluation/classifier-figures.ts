import { calibration } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { classFigures, estimate, macroFigures } from './class-figures.ts';
import type { ClassFigures, Estimate } from './class-figures.ts';
import { confusionMatrix, largestConfusions } from './confusion.ts';
import type { Confusion, ConfusionMatrix } from './confusion.ts';
import { countAmong, countClipped, countRight, judge, logLoss } from './judgement.ts';
import type { ClassPredictions, Judgement } from './judgement.ts';

/** All that is told of a classifier on a labelled set. */
export interface ClassifierFigures {
  readonly samples: number;
  readonly right: number;
  readonly accuracy: Estimate | null;
  /** Share of the samples whose label is among the five most probable classes; null of no more than five classes. */
  readonly topFive: number | null;
  readonly logLoss: number;
  /** Samples whose loss it understates: of their label the probability is below `leastProbability`. */
  readonly clipped: number;
  readonly matrix: ConfusionMatrix;
  readonly classes: readonly ClassFigures[];
  readonly macro: ReturnType<typeof macroFigures>;
  /** Largest first. */
  readonly confusions: readonly Confusion[];
  readonly calibration: Calibration;
}

const topClasses = 5;

export function classifierFigures(
  predictions: ClassPredictions,
  judgement: Judgement = judge(predictions),
): ClassifierFigures {
  const samples = predictions.labels.length;
  const right = countRight(judgement);
  const matrix = confusionMatrix(judgement.labels, judgement.predicted, predictions.classes);
  const classes = classFigures(matrix);
  return {
    samples,
    right,
    accuracy: estimate(right, samples),
    topFive: predictions.classes > topClasses ? countAmong(predictions, topClasses) / samples : null,
    logLoss: logLoss(predictions),
    clipped: countClipped(predictions),
    matrix,
    classes,
    macro: macroFigures(classes),
    confusions: largestConfusions(matrix, Infinity),
    calibration: calibration(judgement),
  };
}

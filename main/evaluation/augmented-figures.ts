import type { AugmentedFigures, ProbabilityFigures } from '../../core/contract/runs.ts';
import type { JudgedTestSet } from '../engine/messages.ts';
import { accuracyOf, logLoss } from './confusion.ts';

/** Null where nothing was averaged. */
export function augmentedFigures(judged: JudgedTestSet, views: number): AugmentedFigures | null {
  const { probabilities, averaged, labels, classes } = judged;
  const figures = (of: Float32Array): ProbabilityFigures => ({
    logLoss: logLoss(of, labels, classes),
    accuracy: accuracyOf(of, labels, classes),
  });
  return averaged && { views, plain: figures(probabilities), averaged: figures(averaged) };
}

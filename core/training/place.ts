import { count } from '../format.ts';

/** Where a training stands: whole epochs behind it, and optimizer steps of the next one. */
export interface Position {
  readonly epoch: number;
  readonly step: number;
}

/** `epoch 3` after it; `epoch 4, step 120` within one, which is counted from 1. */
export function positionText({ epoch, step }: Position): string {
  return step === 0 ? `epoch ${epoch}` : `epoch ${epoch + 1}, step ${count(step)}`;
}

/** The same for charts. */
export interface Place {
  /** Optimizer steps of the whole run. */
  readonly step: number;
  /** Whole epochs and fractions. */
  readonly epoch: number;
}

/** `stepsPerEpoch` is 0 where it is not known yet. */
export function placeOf({ epoch, step }: Position, stepsPerEpoch: number): Place {
  return { step: epoch * stepsPerEpoch + step, epoch: epoch + (stepsPerEpoch > 0 ? step / stepsPerEpoch : 0) };
}

/** Of a report, which counts the epoch from 1. */
export function placeOfStep(report: { readonly epoch: number; readonly step: number; readonly steps: number }): Place {
  return placeOf({ epoch: report.epoch - 1, step: report.step }, report.steps);
}

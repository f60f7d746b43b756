import type { Warmup } from '../project/project.ts';
import type { Span } from './rates.ts';

/** What the schedule's own rate is multiplied by: a line from `factor` to 1, then 1. */
export function warmupFactor(warmup: Warmup | undefined, epoch: number, step: number, span: Span): number {
  if (warmup === undefined) return 1;
  const length = warmupSteps(warmup, span);
  const stepOfAll = epoch * span.stepsPerEpoch + step;
  if (stepOfAll >= length) return 1;
  const factor = warmup.factor ?? 0;
  return factor + (1 - factor) * (stepOfAll / length);
}

function warmupSteps(warmup: Warmup, { epochs, stepsPerEpoch }: Span): number {
  if (warmup.steps !== undefined) return warmup.steps;
  if (warmup.epochs !== undefined) return Math.round(warmup.epochs * stepsPerEpoch);
  return Math.round((warmup.fraction ?? 0) * epochs * stepsPerEpoch);
}

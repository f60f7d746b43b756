import type { Averaging, Recipe } from '../project/project.ts';
import type { TrainingSpan } from '../catalogue/schedules/schedule-type.ts';
import type { PlanAveraging } from './plan.ts';

export function averagingOf(recipe: Recipe): Averaging | null {
  return recipe.kind === 'supervised' ? (recipe.averaging ?? null) : null;
}

/** With the defaults filled in. */
export function planAveraging(averaging: Averaging | null): PlanAveraging | null {
  if (averaging === null) return null;
  if (averaging.kind === 'swa') return { kind: 'swa', norms: averaging.norms ?? 'recomputed' };
  const norms = averaging.norms ?? 'averaged';
  return averaging.kind === 'ema' ? { kind: 'ema', decay: averaging.decay, norms } : { kind: 'lookahead', norms };
}

/** Whether the weights that an epoch ends with join the average; `epochsDone` counts it. */
export function weightsJoin(averaging: Averaging | null, epochsDone: number): boolean {
  return averaging?.kind === 'swa' && epochsDone >= averaging.fromEpoch;
}

/** Whether there is an average once so many epochs are done. */
export function hasAverage(averaging: Averaging | null, epochsDone: number): boolean {
  return averaging?.kind === 'swa' ? weightsJoin(averaging, epochsDone) : averaging !== null && epochsDone > 0;
}

/**
 * Of lookahead, for every step of an epoch, counted from 0: the share of the weights that goes into the slow ones after
 * it; 0: the step goes on from its own weights.
 */
export function lookAheadSharesOf(
  averaging: Averaging | null,
  epoch: number,
  { epochs, stepsPerEpoch }: TrainingSpan,
): Float64Array | null {
  if (averaging?.kind !== 'lookahead') return null;
  const { every, decay, ramp = 0 } = averaging;
  return Float64Array.from({ length: stepsPerEpoch }, (_, step) => {
    const done = epoch * stepsPerEpoch + step + 1;
    return done % every === 0 ? 1 - decay * (done / (epochs * stepsPerEpoch)) ** ramp : 0;
  });
}

/** What the schedule must know: from which epoch on, counted from 0, the rate stays. */
export function heldRate(averaging: Averaging | null): { readonly heldFrom?: number } {
  const isHeld = averaging?.kind === 'swa' && averaging.holdRate !== false;
  return isHeld ? { heldFrom: averaging.fromEpoch } : {};
}

import type { Averaging, Recipe } from '../project/project.ts';
import type { PlanAveraging } from './plan.ts';

export function averagingOf(recipe: Recipe): Averaging | null {
  return recipe.kind === 'supervised' ? (recipe.averaging ?? null) : null;
}

/** With the defaults filled in. */
export function planAveraging(averaging: Averaging | null): PlanAveraging | null {
  if (averaging === null) return null;
  if (averaging.kind === 'swa') return { kind: 'swa', norms: averaging.norms ?? 'recomputed' };
  return { kind: 'ema', decay: averaging.decay, norms: averaging.norms ?? 'averaged' };
}

/** Whether the weights that an epoch ends with join the average; `epochsDone` counts it. */
export function weightsJoin(averaging: Averaging | null, epochsDone: number): boolean {
  return averaging?.kind === 'swa' && epochsDone >= averaging.fromEpoch;
}

/** Whether there is an average once so many epochs are done. */
export function hasAverage(averaging: Averaging | null, epochsDone: number): boolean {
  return averaging?.kind === 'ema' ? epochsDone > 0 : weightsJoin(averaging, epochsDone);
}

/** What the schedule must know: from which epoch on, counted from 0, the rate stays. */
export function heldRate(averaging: Averaging | null): { readonly heldFrom?: number } {
  const isHeld = averaging?.kind === 'swa' && averaging.holdRate !== false;
  return isHeld ? { heldFrom: averaging.fromEpoch } : {};
}

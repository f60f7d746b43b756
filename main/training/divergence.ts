import type { Failure } from '../../core/failure.ts';
import type { Schedule } from '../../core/project/project.ts';
import type { DivergenceCause } from '../../core/training/explain-divergence.ts';
import type { PlanTraining } from '../../core/training/plan.ts';
import { counted } from '../../core/format.ts';

/** Where a loss stopped being a number; epoch and step count from 1. */
export interface Divergence {
  readonly where: 'train' | 'test';
  readonly epoch: number;
  readonly step: number;
  readonly learningRate: number;
  /** Whole epochs behind the last good checkpoint, and steps; null if there is none yet. */
  readonly kept: { readonly epoch: number; readonly step: number } | null;
  /** Null: none was found. */
  readonly cause: DivergenceCause | null;
}

export function divergenceFailure(divergence: Divergence, schedule: Schedule, training: PlanTraining): Failure {
  const { where, epoch, step, learningRate, kept, cause } = divergence;
  const loss = where === 'train' ? 'training loss' : 'test loss';
  const place =
    where === 'train' ? `at step ${step} of epoch ${epoch}` : `after step ${step}, the end of epoch ${epoch}`;
  const reason = cause === null ? '' : `${cause.sentence} `;
  return {
    code: 'diverged',
    message: `The ${loss} became infinite or NaN ${place}, at learning rate ${figure(learningRate)}. ${reason}${keptSentence(kept)}`,
    at: cause?.at ?? 'recipe.schedule',
    advice: cause?.advice ?? smallerSteps(schedule, training),
  };
}

function keptSentence(kept: Divergence['kept']): string {
  if (kept === null) return 'No checkpoint has been saved yet.';
  const steps = kept.step > 0 ? ` and ${counted(kept.step, 'step')}` : '';
  return `The last good checkpoint, after ${counted(kept.epoch, 'epoch')}${steps}, is kept.`;
}

function smallerSteps(schedule: Schedule, training: PlanTraining): string {
  const lower =
    'rate' in schedule
      ? `Try a lower learning rate (--set recipe.schedule.rate=${figure(schedule.rate / 10)})`
      : 'Try lower learning rates in recipe.schedule';
  const others = [
    ...(schedule.warmup ? [] : [`a warm-up (--set 'recipe.schedule.warmup={"epochs":1}')`]),
    ...(training.clip ? [] : [`gradient clipping (--set 'recipe.clip={"kind":"norm","at":1}')`]),
  ];
  return others.length > 0 ? `${lower}, ${others.join(' or ')}.` : `${lower}.`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

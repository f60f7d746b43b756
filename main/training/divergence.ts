import type { Failure } from '../../core/failure.ts';
import type { Schedule } from '../../core/project/project.ts';
import type { PlanTraining } from '../../core/training/plan.ts';

/** Where a loss stopped being a number; epoch and step count from 1. */
export interface Divergence {
  readonly where: 'train' | 'test';
  readonly epoch: number;
  readonly step: number;
  readonly learningRate: number;
  /** Whole epochs behind the last good checkpoint, and steps; null if there is none yet. */
  readonly kept: { readonly epoch: number; readonly step: number } | null;
}

export function divergenceFailure(divergence: Divergence, schedule: Schedule, training: PlanTraining): Failure {
  const { where, epoch, step, learningRate, kept } = divergence;
  const loss = where === 'train' ? 'training loss' : 'test loss';
  const place =
    where === 'train' ? `at step ${step} of epoch ${epoch}` : `after step ${step}, the end of epoch ${epoch}`;
  return {
    code: 'diverged',
    message: `The ${loss} became infinite or not a number ${place}, at learning rate ${figure(learningRate)}. ${keptSentence(kept)}`,
    at: 'recipe.schedule',
    advice: advice(schedule, training),
  };
}

function keptSentence(kept: Divergence['kept']): string {
  if (kept === null) return 'No checkpoint had been saved yet.';
  const steps = kept.step > 0 ? ` and ${kept.step} steps` : '';
  return `The last good checkpoint, of ${kept.epoch} epochs${steps}, is kept.`;
}

function advice(schedule: Schedule, training: PlanTraining): string {
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

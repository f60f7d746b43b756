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

type Clipped = Pick<PlanTraining, 'clip'>;

export function divergenceFailure(divergence: Divergence, schedule: Schedule, training: Clipped): Failure {
  const { where, epoch, step, learningRate, kept, cause } = divergence;
  const loss = where === 'train' ? 'training loss' : 'test loss';
  const place =
    where === 'train' ? `at step ${step} of epoch ${epoch}` : `after step ${step}, the end of epoch ${epoch}`;
  const reason = cause === null ? '' : `${cause.sentence} `;
  return {
    code: 'diverged',
    message: `The ${loss} became infinite or NaN ${place}, at learning rate ${figure(learningRate)}. ${reason}${keptSentence(kept)}`,
    at: cause?.at ?? 'recipe.schedule',
    ...(cause?.advice ? { advice: cause.advice } : smallerSteps(schedule, training)),
  };
}

function keptSentence(kept: Divergence['kept']): string {
  if (kept === null) return 'No checkpoint has been saved yet.';
  const steps = kept.step > 0 ? ` and ${counted(kept.step, 'step')}` : '';
  return `The last good checkpoint, after ${counted(kept.epoch, 'epoch')}${steps}, is kept.`;
}

/** What takes smaller steps, of which any may help. */
function smallerSteps(schedule: Schedule, training: Clipped): Pick<Failure, 'advice' | 'settings'> {
  const lower = 'rate' in schedule ? Number(figure(schedule.rate / 10)) : null;
  const others = [
    ...(schedule.warmup ? [] : [{ at: 'recipe.schedule.warmup', value: { epochs: 1 } }]),
    ...(training.clip ? [] : [{ at: 'recipe.clip', value: { kind: 'norm', at: 1 } }]),
  ];
  const first =
    lower === null
      ? 'Lower the learning rates of recipe.schedule'
      : `Lower recipe.schedule.rate, for example to ${lower}`;
  const rest = others.length === 0 ? '' : `, or set ${others.map(({ at }) => at).join(' or ')}`;
  return {
    advice: `${first}${rest}.`,
    settings: [...(lower === null ? [] : [{ at: 'recipe.schedule.rate', value: lower }]), ...others],
  };
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

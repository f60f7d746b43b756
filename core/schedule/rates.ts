import { decide } from '../catalogue/derive/decide.ts';
import type { ScheduledStep, TrainingSpan } from '../catalogue/schedules/schedule-type.ts';
import { scheduleType } from '../catalogue/schedules/schedules.ts';
import type { Schedule, ScheduleShape } from '../project/project.ts';
import { warmupFactor } from './warmup.ts';

export interface Span extends TrainingSpan {
  /** From this epoch on, counted from 0, the rate of its first step stays. */
  readonly heldFrom?: number;
}

/** The rate of one optimizer step, whichever it is; epochs and steps count from 0. */
export function rateOfEachStep(schedule: Schedule, span: Span): (epoch: number, step: number) => number {
  const { heldFrom = Infinity } = span;
  const rateOf = ratesOf(schedule, span);
  const rateAt = (epoch: number, step: number): number =>
    rateOf(stepOf(epoch, step, span)) * warmupFactor(schedule.warmup, epoch, step, span);
  return (epoch, step) => (epoch >= heldFrom ? rateAt(heldFrom, 0) : rateAt(epoch, step));
}

/** The rate of every optimizer step of one epoch; epochs count from 0. */
export function ratesOfEpoch(schedule: Schedule, epoch: number, span: Span): Float64Array {
  const rateAt = rateOfEachStep(schedule, span);
  return Float64Array.from({ length: span.stepsPerEpoch }, (_, step) => rateAt(epoch, step));
}

/** The rate of every optimizer step of the whole training. */
export function scheduleRates(schedule: Schedule, span: Span): Float64Array {
  const rates = new Float64Array(span.epochs * span.stepsPerEpoch);
  for (let epoch = 0; epoch < span.epochs; epoch++) {
    rates.set(ratesOfEpoch(schedule, epoch, span), epoch * span.stepsPerEpoch);
  }
  return rates;
}

type RateOfStep = (step: ScheduledStep) => number;

function ratesOf(shape: ScheduleShape, span: TrainingSpan): RateOfStep {
  if (shape.type === 'Phases') return ratesOfPhases(shape.phases, span);
  const entry = scheduleType(shape.type);
  return entry.rate(decide(entry.options, shape), span);
}

/** Each phase knows only its own epochs. After the last one its last rate stays. */
function ratesOfPhases(
  phases: Extract<ScheduleShape, { type: 'Phases' }>['phases'],
  { stepsPerEpoch, past = [] }: TrainingSpan,
): RateOfStep {
  let next = 0;
  const parts = phases.map(({ epochs, shape }) => {
    const start = next;
    next += epochs;
    const span = { epochs, stepsPerEpoch, past: past.slice(start, next) };
    return { start, end: next, span, rateOf: ratesOf(shape, span) };
  });
  return ({ epoch, step }) => {
    const part = parts.find(({ end }) => epoch < end);
    if (part !== undefined) return part.rateOf(stepOf(epoch - part.start, step, part.span));
    const { rateOf, span } = parts.at(-1)!;
    return rateOf(stepOf(span.epochs - 1, stepsPerEpoch - 1, span));
  };
}

function stepOf(epoch: number, step: number, { stepsPerEpoch }: TrainingSpan): ScheduledStep {
  return { epoch, step, stepOfAll: epoch * stepsPerEpoch + step };
}

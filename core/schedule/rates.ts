import type { Schedule, ScheduleShape } from '../project/project.ts';
import { annealed } from './anneal.ts';
import { plateauRate } from './plateau.ts';
import type { EpochFigures } from './plateau.ts';
import { triangleRate } from './triangle.ts';
import { warmupFactor } from './warmup.ts';

/** Length of a training, in epochs and in optimizer steps an epoch. */
export interface Span {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** From this epoch on, counted from 0, the rate of its first step stays. */
  readonly heldFrom?: number;
  /** Of the epochs trained so far, from the first; only ReduceOnPlateau asks. */
  readonly past?: readonly EpochFigures[];
}

/** The rate of every optimizer step of one epoch; epochs count from 0. */
export function ratesOfEpoch(schedule: Schedule, epoch: number, span: Span): Float64Array {
  const { heldFrom, stepsPerEpoch } = span;
  if (heldFrom !== undefined && epoch >= heldFrom) {
    const held = rateAt(schedule, heldFrom, 0, span) * warmupFactor(schedule.warmup, heldFrom, 0, span);
    return new Float64Array(stepsPerEpoch).fill(held);
  }
  return Float64Array.from(
    { length: stepsPerEpoch },
    (_, step) => rateAt(schedule, epoch, step, span) * warmupFactor(schedule.warmup, epoch, step, span),
  );
}

/** The rate of every optimizer step of the whole training. */
export function scheduleRates(schedule: Schedule, span: Span): Float64Array {
  const rates = new Float64Array(span.epochs * span.stepsPerEpoch);
  for (let epoch = 0; epoch < span.epochs; epoch++) {
    rates.set(ratesOfEpoch(schedule, epoch, span), epoch * span.stepsPerEpoch);
  }
  return rates;
}

function rateAt(shape: ScheduleShape, epoch: number, step: number, span: Span): number {
  const stepOfAll = epoch * span.stepsPerEpoch + step;
  const steps = span.epochs * span.stepsPerEpoch;
  switch (shape.type) {
    case 'Constant':
      return shape.rate;
    case 'Step':
      return shape.rate * shape.gamma ** Math.floor(epoch / shape.every);
    case 'MultiStep':
      return shape.rate * shape.gamma ** shape.milestones.filter((milestone) => milestone <= epoch).length;
    case 'Exponential':
      return shape.rate * shape.gamma ** epoch;
    case 'Cosine': {
      const done = shape.per === 'step' ? stepOfAll / steps : epoch / span.epochs;
      const floor = shape.floor ?? 0;
      return shape.clampFloor === true
        ? Math.max(floor, annealed('cosine', shape.rate, 0, done))
        : annealed('cosine', shape.rate, floor, done);
    }
    case 'CosineCycles':
      return annealed('cosine', shape.rate, shape.floor ?? 0, doneOfCycle(shape, stepOfAll, span.stepsPerEpoch));
    case 'List':
      return shape.rates[epoch % shape.rates.length]!;
    case 'Linear':
      return annealed('linear', shape.rate, shape.end, stepOfAll / steps);
    case 'OneCycle':
      return oneCycleRate(shape, stepOfAll, steps);
    case 'Triangular':
      return triangleRate(shape, stepOfAll, span.stepsPerEpoch);
    case 'ReduceOnPlateau':
      return plateauRate(shape, (span.past ?? []).slice(0, epoch));
    case 'Phases':
      return phasesRate(shape.phases, epoch, step, span);
  }
}

/** How much of its cycle is done before a step. Counted in steps: whole numbers restart exactly. */
function doneOfCycle(
  { length, multiplier = 1 }: { readonly length: number; readonly multiplier?: number },
  step: number,
  stepsPerEpoch: number,
): number {
  let start = 0;
  let current = length * stepsPerEpoch;
  while (step >= start + current) {
    start += current;
    current *= multiplier;
  }
  return (step - start) / current;
}

/** torch.optim.lr_scheduler.OneCycleLR: up from rate / div to rate, down to rate / div / finalDiv at the very last step. */
function oneCycleRate(shape: Extract<ScheduleShape, { type: 'OneCycle' }>, step: number, steps: number): number {
  const { rate: peak, percentageUp = 0.3, div = 25, finalDiv = 1e4, anneal = 'cosine' } = shape;
  const first = peak / div;
  const top = percentageUp * steps - 1;
  const last = steps - 1;
  if (step <= top) return annealed(anneal, first, peak, top === 0 ? 1 : step / top);
  return annealed(anneal, peak, first / finalDiv, (step - top) / (last - top));
}

/** Each phase knows only its own epochs. After the last one its last rate stays. */
function phasesRate(
  phases: Extract<ScheduleShape, { type: 'Phases' }>['phases'],
  epoch: number,
  step: number,
  { stepsPerEpoch, past = [] }: Span,
): number {
  let start = 0;
  for (const { epochs, shape } of phases) {
    const ownPast = past.slice(start, start + epochs);
    if (epoch < start + epochs) return rateAt(shape, epoch - start, step, { epochs, stepsPerEpoch, past: ownPast });
    start += epochs;
  }
  const { epochs, shape } = phases.at(-1)!;
  const ownPast = past.slice(start - epochs, start);
  return rateAt(shape, epochs - 1, stepsPerEpoch - 1, { epochs, stepsPerEpoch, past: ownPast });
}

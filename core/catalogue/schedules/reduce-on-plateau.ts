import type { Complete } from '../declare.ts';
import { schedule } from './schedule-type.ts';
import type { EpochFigures } from './schedule-type.ts';
import { lowest, rate } from './shared-options.ts';

const options = {
  rate,
  metric: {
    kind: 'choice',
    label: 'Monitored metric',
    help: 'The metric that must improve.',
    values: [
      ['testLoss', 'test loss'],
      ['testAccuracy', 'test accuracy'],
      ['trainLoss', 'training loss'],
    ],
    default: 'testLoss',
  },
  factor: {
    kind: 'number',
    label: 'Factor',
    help: 'Factor by which the learning rate is multiplied.',
    default: 0.1,
    above: 0,
    below: 1,
  },
  patience: {
    kind: 'integer',
    label: 'Patience, epochs',
    help: 'Number of epochs without improvement before the learning rate is reduced.',
    default: 10,
    minimum: 0,
  },
  threshold: {
    kind: 'number',
    label: 'Threshold',
    help: 'Minimum improvement, as a fraction of the best value.',
    default: 1e-4,
    minimum: 0,
  },
  absolute: {
    kind: 'switch',
    label: 'Absolute threshold',
    help: 'The threshold is an absolute amount instead of a fraction of the best value.',
    default: false,
  },
  cooldown: {
    kind: 'integer',
    label: 'Cooldown, epochs',
    help: 'Number of epochs after a reduction during which patience is not counted.',
    default: 0,
    minimum: 0,
  },
  minimum: lowest('Minimum rate'),
} as const;

type Plateau = Complete<typeof options>;

/** torch.optim.lr_scheduler.ReduceLROnPlateau. */
export const reduceOnPlateau = schedule({
  type: 'ReduceOnPlateau',
  title: 'Reduce on plateau',
  options,
  followsFigures: true,
  rate:
    (plateau, { past = [] }) =>
    ({ epoch }) =>
      plateauRate(plateau, past.slice(0, epoch)),
});

/** Found anew from the figures of all epochs: what a run keeps of its epochs is all the state there is. */
function plateauRate(plateau: Plateau, past: readonly EpochFigures[]): number {
  const { factor, patience, cooldown, minimum, metric } = plateau;
  let { rate } = plateau;
  let best: number | null = null;
  let bad = 0;
  let cooling = 0;
  for (const figures of past) {
    const figure = figureOf(figures, metric);
    if (best === null || isBetter(figure, best, plateau)) {
      best = figure;
      bad = 0;
    } else {
      bad += 1;
    }
    if (cooling > 0) {
      cooling -= 1;
      bad = 0;
    }
    if (bad > patience) {
      rate = lowered(rate, factor, minimum);
      cooling = cooldown;
      bad = 0;
    }
  }
  return rate;
}

/** PyTorch leaves a rate alone where it would change by no more than this. */
const leastChange = 1e-8;

function lowered(rate: number, factor: number, minimum: number): number {
  const next = Math.max(rate * factor, minimum);
  return rate - next > leastChange ? next : rate;
}

/** A loss is better below, an accuracy above the best one. */
function isBetter(figure: number, best: number, { metric, threshold, absolute }: Plateau): boolean {
  const change = absolute ? threshold : threshold * best;
  return metric === 'testAccuracy' ? figure > best + change : figure < best - change;
}

function figureOf({ train, test }: EpochFigures, metric: Plateau['metric']): number {
  if (metric === 'trainLoss') return train.loss;
  return metric === 'testLoss' ? test.loss : (test.accuracy ?? 0);
}

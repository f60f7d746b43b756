import type { PlateauMetric, ScheduleShape } from '../project/schedule.ts';

/** What of a trained epoch a schedule may look at. Regression has no accuracy. */
export interface EpochFigures {
  readonly train: { readonly loss: number };
  readonly test: { readonly loss: number; readonly accuracy: number | null };
}

type Plateau = Extract<ScheduleShape, { type: 'ReduceOnPlateau' }>;

/**
 * torch.optim.lr_scheduler.ReduceLROnPlateau after so many epochs, found anew from all their figures: what a run keeps
 * of its epochs is all the state there is.
 */
export function plateauRate(plateau: Plateau, past: readonly EpochFigures[]): number {
  const { factor = 0.1, patience = 10, cooldown = 0, minimum = 0, metric = 'testLoss' } = plateau;
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
function isBetter(figure: number, best: number, { metric, threshold = 1e-4, absolute = false }: Plateau): boolean {
  const change = absolute ? threshold : threshold * best;
  return metric === 'testAccuracy' ? figure > best + change : figure < best - change;
}

function figureOf({ train, test }: EpochFigures, metric: PlateauMetric): number {
  if (metric === 'trainLoss') return train.loss;
  return metric === 'testLoss' ? test.loss : (test.accuracy ?? 0);
}

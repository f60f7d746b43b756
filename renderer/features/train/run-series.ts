import type { EpochFinished, LossAndAccuracy } from '../../../core/training/events.ts';
import { smoothed } from '../../ui/chart/series.ts';
import type { Point, Series } from '../../ui/chart/series.ts';
import type { StepFigure, StepPoints } from './step-points.ts';

const trainColour = 1;
const testColour = 2;
const averagedColour = 5;

/** Of the training data as it goes, means of the epoch so far: smoothed, over a pale line of how it was. */
export function stepSeries(points: StepPoints, figure: 'loss' | 'accuracy', smoothing: number): readonly Series[] {
  const raw = points.of(figure);
  const line: Series = { label: 'train', points: smoothed(raw, smoothing), colour: trainColour };
  if (smoothing === 0) return [{ ...line, points: raw.slice() }];
  return [{ label: 'train as measured', points: raw.slice(), colour: trainColour, isFaint: true }, line];
}

/** Of the test data after each epoch, by the averaged weights too where there are such. */
export function epochSeries(epochs: readonly EpochFinished[], figure: EpochFigure): readonly Series[] {
  const points = epochPoints(epochs, 'test', figure);
  const averaged = epochPoints(epochs, 'averaged', figure);
  const test: Series = { label: 'test', points, colour: testColour, dash: 1, hasDots: true };
  if (averaged.length === 0) return [test];
  return [test, { label: 'averaged', points: averaged, colour: averagedColour, dash: 2, hasDots: true }];
}

/** Of a regression, whose errors are told only of whole epochs: of training and test data. */
export function errorSeries(
  epochs: readonly EpochFinished[],
  figure: 'rootMeanSquare' | 'meanAbsolute',
): readonly Series[] {
  const train = { label: 'train', points: epochPoints(epochs, 'train', figure), colour: trainColour, hasDots: true };
  return [train, ...epochSeries(epochs, figure)];
}

/**
 * Of two networks that learn from each other, after each epoch. Figures of single steps are left out: of the generator
 * none are stored.
 */
export function adversarialSeries(epochs: readonly EpochFinished[]): readonly Series[] {
  const line = (of: 'train' | 'test', figure: EpochFigure) => ({
    points: epochPoints(epochs, of, figure),
    hasDots: true,
  });
  return [
    { label: 'discriminator', ...line('train', 'loss'), colour: trainColour },
    { label: 'generator', ...line('train', 'generatorLoss'), colour: testColour },
    { label: 'discriminator, test images', ...line('test', 'loss'), colour: trainColour, dash: 1 },
    { label: 'generator, test images', ...line('test', 'generatorLoss'), colour: testColour, dash: 1 },
  ];
}

type EpochFigure = 'loss' | 'generatorLoss' | 'accuracy' | 'rootMeanSquare' | 'meanAbsolute';

function epochPoints(
  epochs: readonly EpochFinished[],
  of: 'train' | 'test' | 'averaged',
  figure: EpochFigure,
): Point[] {
  return epochs.flatMap((epoch) => {
    const y = figureOf(epoch[of], figure);
    return y === null ? [] : [{ x: epoch.epoch, y }];
  });
}

function figureOf(figures: LossAndAccuracy | undefined, figure: EpochFigure): number | null {
  if (figures === undefined) return null;
  if (figure === 'rootMeanSquare' || figure === 'meanAbsolute') return figures.errors?.[figure] ?? null;
  return figures[figure] ?? null;
}

export function stepLine(points: StepPoints, figure: StepFigure, label: string, colour: number): Series {
  return { label, points: points.of(figure).slice(), colour };
}

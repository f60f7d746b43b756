import type { Split, StepFigure } from '../../../core/figures/figure.ts';
import { epochFigures } from '../../../core/figures/of-epochs.ts';
import type { EpochFigureName } from '../../../core/figures/of-epochs.ts';
import type { StepFigureName } from '../../../core/figures/of-steps.ts';
import type { EpochFinished } from '../../../core/training/events.ts';
import { counted } from '../../app/format.ts';
import { smoothed } from '../../ui/chart/series.ts';
import type { Point, Series } from '../../ui/chart/series.ts';
import { runningMean } from './running-mean.ts';
import type { EpochSize } from './running-mean.ts';
import type { StepPoints } from './step-points.ts';

const trainColour = 1;
const testColour = 2;
const averagedColour = 5;

/** Of the training data, of a figure that is stored at steps: the mean of the last steps as it moves, and the mean of each whole epoch as a dot. */
export function trainSeries(
  points: StepPoints,
  epochs: readonly EpochFinished[],
  figure: EpochFigureName,
  size: EpochSize,
  smoothing: number,
): readonly Series[] {
  const wholes = epochPoints(epochs, 'train', figure);
  const { points: means, steps } = runningMean(points.of(figure), wholes, size);
  const running = withinLimits(means, figure);
  const label = steps === 0 ? 'train' : `train, mean of ${counted(steps, 'step')}`;
  const line: Series = { label, points: running, colour: trainColour };
  const dots: Series = { label: 'train, whole epoch', points: wholes, colour: trainColour, isDotsOnly: true };
  if (smoothing === 0) return [line, dots];
  const smooth = { ...line, label: `${label}, smoothed`, points: smoothed(running, smoothing) };
  return [{ ...line, isFaint: true }, smooth, dots];
}

/** Rounding takes a mean of 100 % above it, and a chart leaves out what lies beyond its axis. */
function withinLimits(points: readonly Point[], figure: EpochFigureName): readonly Point[] {
  const { least = -Infinity, greatest = Infinity } = epochFigures.find(({ name }) => name === figure)!;
  return points.map(({ x, y }) => ({ x, y: Math.min(greatest, Math.max(least, y)) }));
}

/** Of the test data after each epoch, by the averaged weights too where there are such. */
export function epochSeries(epochs: readonly EpochFinished[], figure: EpochFigureName): readonly Series[] {
  const points = epochPoints(epochs, 'test', figure);
  const averaged = epochPoints(epochs, 'averaged', figure);
  const test: Series = { label: 'test', points, colour: testColour, dash: 1, hasDots: true };
  if (averaged.length === 0) return [test];
  return [test, { label: 'averaged', points: averaged, colour: averagedColour, dash: 2, hasDots: true }];
}

/** Of a figure that is reported of whole epochs only: of training and test data. */
export function wholeEpochSeries(epochs: readonly EpochFinished[], figure: EpochFigureName): readonly Series[] {
  const points = epochPoints(epochs, 'train', figure);
  const train = { label: 'train', points, colour: trainColour, hasDots: true };
  return [...(points.length === 0 && epochs.length > 0 ? [] : [train]), ...epochSeries(epochs, figure)];
}

/**
 * Of two networks that learn from each other, after each epoch. Figures of single steps are left out: of the generator
 * none are stored.
 */
export function adversarialSeries(epochs: readonly EpochFinished[]): readonly Series[] {
  return (['train', 'test'] as const).flatMap((split) =>
    epochFigures.flatMap(({ name, network }): Series[] => {
      if (network === undefined) return [];
      const label = split === 'train' ? network : `${network}, test images`;
      const colour = network === 'discriminator' ? trainColour : testColour;
      const line = { label, points: epochPoints(epochs, split, name), colour, hasDots: true };
      return [split === 'train' ? line : { ...line, dash: 1 }];
    }),
  );
}

function epochPoints(epochs: readonly EpochFinished[], split: Split, figure: EpochFigureName): Point[] {
  return epochs.flatMap((epoch) => {
    const y = epoch[split]?.[figure];
    return y === undefined ? [] : [{ x: epoch.epoch, y }];
  });
}

export function stepSeries(points: StepPoints, { name, label, colour }: StepFigure<StepFigureName>): Series {
  return { label, points: points.of(name).slice(), colour };
}

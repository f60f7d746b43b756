import type { Split, StepFigure } from '../../../core/figures/figure.ts';
import { epochFigures } from '../../../core/figures/of-epochs.ts';
import type { EpochFigureName } from '../../../core/figures/of-epochs.ts';
import type { StepFigureName } from '../../../core/figures/of-steps.ts';
import type { EpochFinished } from '../../../core/training/events.ts';
import { counted } from '../../app/format.ts';
import { smoothed } from '../../ui/chart/series.ts';
import type { Point, Series } from '../../ui/chart/series.ts';
import { runningMean } from './running-mean.ts';
import type { EpochSize, RunningMean } from './running-mean.ts';
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
  const running = runningMean(points.of(figure), wholes, size);
  const dots = { label: 'train, whole epoch', points: wholes, colour: trainColour, isDotsOnly: true };
  return [...meanSeries('train', trainColour, running, figure, smoothing), dots];
}

function meanSeries(
  name: string,
  colour: number,
  { points: means, steps }: RunningMean,
  figure: EpochFigureName,
  smoothing: number,
): readonly Series[] {
  const points = withinLimits(means, figure);
  const label = steps === 0 ? name : `${name}, mean of ${counted(steps, 'step')}`;
  const line: Series = { label, points, colour };
  if (smoothing === 0) return [line];
  return [
    { ...line, isFaint: true },
    { ...line, label: `${label}, smoothed`, points: smoothed(points, smoothing) },
  ];
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
 * Of two networks that learn from each other: the mean of the last steps as it moves, the median of each whole epoch as
 * a dot, and the test images after each epoch. Of a network whose single steps were not stored, as those of generators by
 * older versions, the epochs are joined.
 */
export function adversarialSeries(
  points: StepPoints | null,
  epochs: readonly EpochFinished[],
  size: EpochSize,
  smoothing: number,
): readonly Series[] {
  const networks = epochFigures.flatMap(({ name, network }) => {
    const colour = network === 'discriminator' ? trainColour : testColour;
    return network === undefined ? [] : [{ name, network, colour }];
  });
  const trained = networks.flatMap(({ name, network, colour }): readonly Series[] => {
    const wholes = epochPoints(epochs, 'train', name);
    const steps = points?.of(name) ?? [];
    if (steps.length === 0) return [{ label: network, points: wholes, colour, hasDots: true }];
    const dots = { label: `${network}, median per epoch`, points: wholes, colour, isDotsOnly: true };
    // The dots are medians: they are no part of a mean.
    return [...meanSeries(network, colour, runningMean(steps, [], size), name, smoothing), dots];
  });
  const tested = networks.map(({ name, network, colour }): Series => {
    const label = `${network}, test images`;
    return { label, points: epochPoints(epochs, 'test', name), colour, dash: 1, hasDots: true };
  });
  return [...trained, ...tested];
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

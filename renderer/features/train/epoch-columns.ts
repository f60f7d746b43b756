import type { EpochFinished, LossAndAccuracy } from '../../../core/training/events.ts';
import { count, duration, figure, percent } from '../../app/format.ts';

/** A column of the table with a line an epoch. */
export interface EpochColumn {
  readonly title: string;
  readonly show: (epoch: EpochFinished) => string;
  /** What the best epoch is found by; absent: nothing. */
  readonly score?: (epoch: EpochFinished) => number | null;
}

const loss = (title: string, of: (epoch: EpochFinished) => number | undefined): EpochColumn => ({
  title,
  show: (epoch) => of(epoch)?.toFixed(4) ?? '',
});

/** Accuracy, or the root mean square error of a regression. */
function judged(title: string, of: (epoch: EpochFinished) => LossAndAccuracy | undefined): EpochColumn {
  return {
    title,
    show: (epoch) => scoreText(of(epoch)),
    score: (epoch) => of(epoch)?.accuracy ?? of(epoch)?.errors?.rootMeanSquare ?? null,
  };
}

function scoreText(figures: LossAndAccuracy | undefined): string {
  if (figures === undefined) return '';
  return figures.errors === undefined ? percent(figures.accuracy) : figure(figures.errors.rootMeanSquare);
}

/** As the figures of these epochs need them. */
export function epochColumns(epochs: readonly EpochFinished[]): readonly EpochColumn[] {
  return [
    { title: 'Epoch', show: ({ epoch }) => String(epoch) },
    { title: 'Rate', show: ({ learningRate }) => figure(learningRate) },
    ...(isOfGenerator(epochs) ? lossesOfTwo : figuresOfOne(epochs)),
    { title: 'Time', show: ({ seconds }) => duration(seconds) },
    { title: 'Images/s', show: ({ imagesPerSecond }) => count(imagesPerSecond) },
  ];
}

/** Medians of the epoch's iterations, then means over the test images. */
const lossesOfTwo: readonly EpochColumn[] = [
  loss('Discriminator', ({ train }) => train.loss),
  loss('Generator', ({ train }) => train.generatorLoss),
  loss('Discriminator, test images', ({ test }) => test.loss),
  loss('Generator, test images', ({ test }) => test.generatorLoss),
];

function figuresOfOne(epochs: readonly EpochFinished[]): readonly EpochColumn[] {
  const what = isRegression(epochs) ? 'error' : 'accuracy';
  return [
    loss('Train loss', ({ train }) => train.loss),
    { title: `Train ${what}`, show: ({ train }) => scoreText(train) },
    loss('Test loss', ({ test }) => test.loss),
    ...(isRegression(epochs)
      ? [{ title: 'Test mean absolute', show: ({ test }: EpochFinished) => figure(test.errors?.meanAbsolute ?? 0) }]
      : []),
    judged(`Test ${what}`, ({ test }) => test),
    ...(epochs.some(({ averaged }) => averaged !== undefined) ? [judged('Averaged', ({ averaged }) => averaged)] : []),
  ];
}

/** The greatest accuracy or the least error in any column; null where nothing is judged. */
export function bestScore(columns: readonly EpochColumn[], epochs: readonly EpochFinished[]): number | null {
  const scores = epochs.flatMap((epoch) => columns.flatMap(({ score }) => score?.(epoch) ?? []));
  const better = isRegression(epochs) ? Math.min : Math.max;
  return scores.length === 0 ? null : scores.reduce((one, other) => better(one, other));
}

function isRegression(epochs: readonly EpochFinished[]): boolean {
  return epochs[0]?.test.errors !== undefined;
}

function isOfGenerator(epochs: readonly EpochFinished[]): boolean {
  return epochs[0]?.train.generatorLoss !== undefined;
}

import { splits } from '../../../core/figures/figure.ts';
import type { EpochFigure, Split } from '../../../core/figures/figure.ts';
import { scoreOf } from '../../../core/figures/measured.ts';
import type { Measured } from '../../../core/figures/measured.ts';
import { epochFigures } from '../../../core/figures/of-epochs.ts';
import type { EpochFigureName } from '../../../core/figures/of-epochs.ts';
import { bestFigures, isBetter } from '../../../core/training/compare-figures.ts';
import type { EpochFinished } from '../../../core/training/events.ts';
import { textsOf } from '../../app/figure-text.ts';
import { count, duration, figure } from '../../app/format.ts';

/** A column of the table with a line an epoch. */
export interface EpochColumn {
  readonly title: string;
  readonly show: (epoch: EpochFinished) => string;
  /** What the best epoch is found by; absent: nothing. */
  readonly score?: {
    readonly figure: EpochFigure;
    readonly of: (epoch: EpochFinished) => number | undefined;
  };
}

/** As the figures of these epochs need them. */
export function epochColumns(epochs: readonly EpochFinished[]): readonly EpochColumn[] {
  const areOfTwo = epochs[0]?.train.generatorLoss !== undefined;
  return [
    { title: 'Epoch', show: ({ epoch }) => String(epoch) },
    { title: 'Learning rate', show: ({ learningRate }) => figure(learningRate) },
    ...splits.flatMap((split) =>
      epochFigures.flatMap((each): EpochColumn[] => {
        const title = columnTitle(each, split, areOfTwo);
        const isThere = epochs.some((epoch) => epoch[split]?.[each.name] !== undefined);
        return title !== undefined && isThere ? [columnOf(title, each, split)] : [];
      }),
    ),
    { title: 'Time', show: ({ seconds }) => duration(seconds) },
    { title: 'Samples/s', show: ({ imagesPerSecond }) => count(imagesPerSecond) },
  ];
}

/** `areOfTwo`: of two networks that are trained against each other. Undefined: it has no column. */
function columnTitle({ short, columns, network }: EpochFigure, split: Split, areOfTwo: boolean): string | undefined {
  if (areOfTwo && network !== undefined) {
    const name = `${network[0]!.toUpperCase()}${network.slice(1)}`;
    return { train: name, test: `${name}, test images`, averaged: undefined }[split];
  }
  const usual: Partial<Record<Split, string>> = { train: `Train ${short}`, test: `Test ${short}` };
  return (columns ?? usual)[split];
}

function columnOf(title: string, each: EpochFigure<EpochFigureName>, split: Split): EpochColumn {
  const of = (epoch: EpochFinished): number | undefined => epoch[split]?.[each.name];
  const isJudged = each.isScore === true && split !== 'train';
  return {
    title,
    show: (epoch) => {
      const value = of(epoch);
      return value === undefined ? '' : textsOf(each).inTable(value);
    },
    ...(isJudged ? { score: { figure: each, of } } : {}),
  };
}

export interface BestScore {
  readonly epoch: number;
  readonly title: string;
  readonly score: number;
}

/** The best score in any column, chosen as the best checkpoint is; null where nothing is judged. */
export function bestScore(columns: readonly EpochColumn[], epochs: readonly EpochFinished[]): BestScore | null {
  let best: BestScore | null = null;
  let figuresOfBest: Measured | null = null;
  for (const row of epochs) {
    const figures = bestFigures(row);
    const score = scoreOf(figures)?.value;
    const column = columns.find((each) => score !== undefined && each.score?.of(row) === score);
    if (column === undefined || score === undefined) continue;
    if (figuresOfBest !== null && !isBetter(figures, figuresOfBest)) continue;
    best = { epoch: row.epoch, title: column.title, score };
    figuresOfBest = figures;
  }
  return best;
}

import { pointAt } from './series.ts';
import type { Point, Series } from './series.ts';

export interface Legend {
  /** Where the figures below stand: `epoch 3.42`; empty where there is none. */
  readonly at: string;
  readonly entries: readonly LegendEntry[];
}

export interface LegendEntry {
  readonly series: Series;
  /** `–` where the line has no figure yet. */
  readonly value: string;
  /** Of a figure that belongs to another epoch than `at` says: `after epoch 3`; else empty. */
  readonly from: string;
}

type Against = 'epoch' | 'rate';

/** What each line has where the pointer is, or at the end: every figure with the epoch that it belongs to. */
export function legendOf(
  all: readonly Series[],
  hover: number | null,
  format: (value: number) => string,
  against: Against,
): Legend {
  const shown = all.filter(({ isFaint }) => isFaint !== true);
  const ends = shown.flatMap(({ points }) => points.at(-1)?.x ?? []);
  if (ends.length === 0) return { at: '', entries: shown.map((series) => ({ series, value: '–', from: '' })) };
  // Beyond the last figure the pointer is at that figure.
  const end = Math.max(...ends);
  const wanted = hover === null ? end : Math.min(hover, end);
  const isOfEpochs = shown.every(({ hasDots, isDotsOnly }) => hasDots === true || isDotsOnly === true);
  const at = against === 'epoch' && isOfEpochs ? Math.floor(wanted) : wanted;
  const entries = shown.map((series) => {
    const point = pointAt(series.points, at);
    return { series, value: point === undefined ? '–' : format(point.y), from: originOf(series, point, at, against) };
  });
  return { at: at === 0 && isOfEpochs ? '' : `${against} ${positionText(at, against)}`, entries };
}

function originOf(series: Series, point: Point | undefined, at: number, against: Against): string {
  if (point === undefined || against === 'rate') return '';
  const isOfEpochs = series.hasDots === true || series.isDotsOnly === true;
  // A line of steps that ended in an epoch before is not silently compared with a later one.
  const isElsewhere = isOfEpochs ? at - point.x > 1e-9 : at - point.x >= 1;
  return isElsewhere ? `after epoch ${positionText(point.x, against)}` : '';
}

export function positionText(x: number, against: Against): string {
  if (against === 'rate') return Number(x.toPrecision(3)).toString();
  return Math.abs(x - Math.round(x)) < 1e-6 ? String(Math.round(x)) : x.toFixed(2);
}

/** `x` in epochs and fractions. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One line of a chart. Colour is never the only difference: dash or dots are the second. */
export interface Series {
  readonly label: string;
  /** In rising order of `x`. */
  readonly points: readonly Point[];
  /** 1…6, of the theme. */
  readonly colour: number;
  /** 0: drawn through; 1…3: dashes of their own. */
  readonly dash?: number;
  readonly hasDots?: boolean;
  /** Figures of whole epochs beside a line of steps: dots without a line. */
  readonly isDotsOnly?: boolean;
  /** Drawn pale and left out of the legend: what another line smooths. */
  readonly isFaint?: boolean;
}

/** What happened at a moment, the gravest first: each kind has a stroke and a colour of its own. */
export const markKinds = ['failure', 'data', 'settings', 'best', 'pause'] as const;
export type MarkKind = (typeof markKinds)[number];

/** A moment to draw as a line across the chart. */
export interface ChartMark {
  readonly x: number;
  readonly label: string;
  readonly kind: MarkKind;
}

/** Pixels of width, and of dashes and gaps of a mark's line: as no curve is drawn, for some curves have its colour. */
export const markStrokes: Readonly<Record<MarkKind, { readonly width: number; readonly dash: readonly number[] }>> = {
  failure: { width: 1.5, dash: [8, 2, 2, 2] },
  data: { width: 1.5, dash: [8, 4] },
  settings: { width: 1.5, dash: [4, 3] },
  best: { width: 1.5, dash: [12, 3] },
  pause: { width: 1, dash: [2, 3] },
};

/** The last point at or before `x`. */
export function pointAt(points: readonly Point[], x: number): Point | undefined {
  if (points.length === 0 || points[0]!.x > x) return undefined;
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (points[middle]!.x <= x) low = middle;
    else high = middle - 1;
  }
  return points[low];
}

/** Exponential moving average; `weight` 0 (as it is) … below 1. Begins unbiased, as Adam's moments do. */
export function smoothed(points: readonly Point[], weight: number): readonly Point[] {
  if (weight === 0) return points;
  let average = 0;
  let left = 1;
  return points.map(({ x, y }) => {
    average = weight * average + (1 - weight) * y;
    left *= weight;
    return { x, y: average / (1 - left) };
  });
}

/** A mark's label, where it would stand if it were alone. */
export interface LabelBox {
  /** Pixel of the mark's line. */
  readonly x: number;
  readonly width: number;
}

export interface PlacedLabel {
  /** Pixel of the label's left edge. */
  readonly left: number;
  /** 0 is nearest to the edge of the chart; null: no room. */
  readonly row: number | null;
}

/** Space between labels in a row. */
const gap = 4;

/**
 * Puts labels into rows, so that none lies over another or beyond the edges, and none over a curve where a row is free
 * of them. `coverOf` says what a label would hide there, 0: nothing. Later marks come first: they are the news.
 */
export function placeLabels(
  boxes: readonly LabelBox[],
  left: number,
  right: number,
  rows: number,
  coverOf: (from: number, to: number, row: number) => number = () => 0,
): readonly PlacedLabel[] {
  const taken: { readonly row: number; readonly from: number; readonly to: number }[] = [];
  const placed = boxes.toReversed().map(({ x, width }) => {
    const from = Math.max(left, Math.min(right - width, x - width / 2));
    const to = from + width;
    const isFree = (row: number): boolean =>
      taken.every((other) => other.row !== row || other.to + gap <= from || other.from >= to + gap);
    const free = Array.from({ length: rows }, (_, index) => index).filter(isFree);
    const row = leastCovered(free, (each) => coverOf(from, to, each));
    if (row !== null) taken.push({ row, from, to });
    return { left: from, row };
  });
  return placed.toReversed();
}

/** The nearest to the edge of those that hide least; null: there is none. */
function leastCovered(rows: readonly number[], coverOf: (row: number) => number): number | null {
  let best: { readonly row: number; readonly cover: number } | null = null;
  for (const row of rows) {
    const cover = coverOf(row);
    if (best === null || cover < best.cover) best = { row, cover };
    if (cover === 0) break;
  }
  return best?.row ?? null;
}

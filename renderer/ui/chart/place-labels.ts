/** A mark's label. */
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

/** Space between labels in a row, and between a label and its line. */
const gap = 4;
const besideLine = 2;

/**
 * Puts labels into rows, each beside its line: at the right of it, or at the left where that hides less. None lies over
 * another or beyond the edges, and none over a curve where a row is free of them. `lines`: pixels of all marks. `coverOf`
 * says what a label would hide there, 0: nothing. Later marks come first: they are the news.
 */
export function placeLabels(
  boxes: readonly LabelBox[],
  lines: readonly number[],
  left: number,
  right: number,
  rows: number,
  coverOf: (from: number, to: number, row: number) => number = () => 0,
): readonly PlacedLabel[] {
  const taken: { readonly row: number; readonly from: number; readonly to: number }[] = [];
  const placed = boxes.toReversed().map(({ x, width }) => {
    const sides = [x + besideLine, x - besideLine - width].filter((from) => from >= left && from + width <= right);
    // A label that is too long for both sides stands across its line.
    const starts = sides.length > 0 ? sides : [Math.max(left, Math.min(right - width, x - width / 2))];
    const places = Array.from({ length: rows }, (_, row) => starts.map((from) => ({ row, from, to: from + width })))
      .flat()
      .filter(({ row, from, to }) =>
        taken.every((other) => other.row !== row || other.to + gap <= from || other.from >= to + gap),
      );
    const best = leastHiding(places, ({ row, from, to }) => {
      const linesHidden = lines.filter((line) => line > from && line < to && line !== x).length;
      return [linesHidden, coverOf(from, to, row)];
    });
    if (best === null) return { left: starts[0]!, row: null };
    taken.push(best);
    return { left: best.from, row: best.row };
  });
  return placed.toReversed();
}

/** The first, hence nearest to the edge, of those that hide least: of other marks' lines, to which they would seem to belong, then of curves. */
function leastHiding<Place>(
  places: readonly Place[],
  hiddenBy: (place: Place) => readonly [lines: number, curves: number],
): Place | null {
  let best: { readonly place: Place; readonly hidden: readonly [number, number] } | null = null;
  for (const place of places) {
    const hidden = hiddenBy(place);
    const isBetter =
      best === null || hidden[0] < best.hidden[0] || (hidden[0] === best.hidden[0] && hidden[1] < best.hidden[1]);
    if (isBetter) best = { place, hidden };
    if (hidden[0] === 0 && hidden[1] === 0) break;
  }
  return best?.place ?? null;
}

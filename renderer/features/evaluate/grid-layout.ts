/** Where everything of a grid of samples stands: a band for each true class, its samples line by line. CSS pixels. */
export interface GridLayout {
  /** Samples in the order they are seen: by class, within it as they were given. */
  readonly order: Int32Array;
  readonly bands: readonly Band[];
  readonly columns: number;
  readonly cell: CellSize;
  /** Where the first column begins: left of it stand the classes. */
  readonly left: number;
  readonly height: number;
}

export interface Band {
  readonly label: number;
  /** Of the band's first sample in `order`. */
  readonly first: number;
  readonly count: number;
  readonly top: number;
  readonly lines: number;
}

export interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** Above a band, below the last. */
const margin = 8;
/** Of a band's name beside it: one with fewer samples is as high. */
const leastHeight = 40;

/** Classes without samples have no band. */
export function layOut(
  samples: Int32Array,
  labels: Int32Array,
  classes: number,
  { width, left, cell }: { readonly width: number; readonly left: number; readonly cell: CellSize },
): GridLayout {
  const columns = Math.max(1, Math.floor((width - left) / cell.width));
  const groups = Array.from({ length: classes }, () => [] as number[]);
  for (const sample of samples) groups[labels[sample]!]!.push(sample);
  const bands: Band[] = [];
  let first = 0;
  let top = margin;
  for (const [label, group] of groups.entries()) {
    if (group.length === 0) continue;
    const lines = Math.ceil(group.length / columns);
    bands.push({ label, first, count: group.length, top, lines });
    first += group.length;
    top += Math.max(leastHeight, lines * cell.height) + margin;
  }
  return { order: Int32Array.from(groups.flat()), bands, columns, cell, left, height: top };
}

/** The upper left corner of the cell at a place of the order. */
export function cornerOf({ bands, columns, cell, left }: GridLayout, place: number): { x: number; y: number } {
  const band = bands.findLast(({ first }) => first <= place)!;
  const within = place - band.first;
  return {
    x: left + (within % columns) * cell.width,
    y: band.top + Math.floor(within / columns) * cell.height,
  };
}

/** The place in the order whose cell holds a point; null: none does. */
export function placeAt({ bands, columns, cell, left }: GridLayout, x: number, y: number): number | null {
  const band = bands.findLast(({ top }) => top <= y);
  const column = Math.floor((x - left) / cell.width);
  if (band === undefined || column < 0 || column >= columns) return null;
  const within = Math.floor((y - band.top) / cell.height) * columns + column;
  return within < band.count ? band.first + within : null;
}

/** Places of the order, from `from` up to but without `to`, of a band's lines that are seen between two heights. */
export function placesBetween(
  { columns, cell }: GridLayout,
  band: Band,
  top: number,
  bottom: number,
): { readonly from: number; readonly to: number } {
  const firstLine = Math.max(0, Math.floor((top - band.top) / cell.height));
  const lastLine = Math.min(band.lines, Math.ceil((bottom - band.top) / cell.height));
  const to = band.first + Math.min(band.count, Math.max(0, lastLine) * columns);
  return { from: Math.min(to, band.first + firstLine * columns), to };
}

export type GridMove = 'left' | 'right' | 'up' | 'down' | 'first' | 'last' | 'bandUp' | 'bandDown';

/** Where the keyboard goes from a place: up and down also from one band into the next, in about the same column. */
export function moved(layout: GridLayout, place: number, move: GridMove): number {
  const { bands, columns, order } = layout;
  const number = bands.findLastIndex(({ first }) => first <= place);
  const band = bands[number]!;
  const within = place - band.first;
  const column = within % columns;
  const end = order.length - 1;
  switch (move) {
    case 'left':
      return Math.max(0, place - 1);
    case 'right':
      return Math.min(end, place + 1);
    case 'first':
      return 0;
    case 'last':
      return end;
    case 'bandUp':
      return (bands[within === 0 ? Math.max(0, number - 1) : number] ?? band).first;
    case 'bandDown':
      return bands[number + 1]?.first ?? end;
    case 'up': {
      if (within >= columns) return place - columns;
      const above = bands[number - 1];
      return above === undefined ? place : above.first + inColumn(above.count, above.lines - 1, column, columns);
    }
    case 'down': {
      if (Math.floor(within / columns) < band.lines - 1) {
        return band.first + Math.min(band.count - 1, within + columns);
      }
      const below = bands[number + 1];
      return below === undefined ? place : below.first + inColumn(below.count, 0, column, columns);
    }
  }
}

function inColumn(count: number, line: number, column: number, columns: number): number {
  return Math.min(count - 1, line * columns + column);
}

import type { Matrix } from './along-axes.ts';

/** Where the elements of a resized dimension lie, as libtorch has it: aten/src/ATen/native/UpSample.h. */
export interface Placing {
  /** That the elements are placed by; null: the quotient of the sizes. */
  readonly factor: number | null;
  readonly alignsCorners: boolean;
}

/** Elements of the input one element of the output is wide, in float32. */
function stepOf(size: number, wanted: number, { factor, alignsCorners }: Placing): number {
  if (alignsCorners) return wanted > 1 ? Math.fround((size - 1) / (wanted - 1)) : 0;
  return Math.fround(factor === null ? size / wanted : 1 / factor);
}

/** Which element of the input each of the output is. */
export function nearestPlaces(size: number, wanted: number, placing: Placing, isExact: boolean): readonly number[] {
  const step = stepOf(size, wanted, placing);
  return Array.from({ length: wanted }, (_, index) => {
    const place = Math.fround((isExact ? index + 0.5 : index) * step);
    return Math.min(Math.floor(place), size - 1);
  });
}

/** Weights of the input's elements in each of the output's: lines, or Keys' curves, through the neighbours. */
export function curveMatrix(
  size: number,
  wanted: number,
  placing: Placing,
  isCubic: boolean,
  isSmoothed: boolean,
): Matrix {
  const step = stepOf(size, wanted, placing);
  return Array.from({ length: wanted }, (_, index) => {
    if (isSmoothed) return smoothedRow(size, index, step, isCubic);
    const place = placing.alignsCorners ? step * index : step * (index + 0.5) - 0.5;
    return isCubic ? cubicRow(size, place) : linearRow(size, Math.max(0, place));
  });
}

function linearRow(size: number, place: number): readonly number[] {
  const before = Math.min(Math.floor(place), size - 1);
  const share = Math.min(Math.max(place - before, 0), 1);
  const row = new Array<number>(size).fill(0);
  row[before]! += 1 - share;
  row[Math.min(before + 1, size - 1)]! += share;
  return row;
}

/** What lies over the edge counts as the edge. */
function cubicRow(size: number, place: number): readonly number[] {
  const before = Math.floor(place);
  const row = new Array<number>(size).fill(0);
  for (let neighbour = before - 1; neighbour <= before + 2; neighbour++) {
    row[Math.min(Math.max(neighbour, 0), size - 1)]! += cubic(place - neighbour, -0.75);
  }
  return row;
}

/** Antialiased as Pillow does it: the curve as wide as an element of the output, over the edge nothing. */
function smoothedRow(size: number, index: number, step: number, isCubic: boolean): readonly number[] {
  const width = Math.max(step, 1);
  const reach = (isCubic ? 2 : 1) * width;
  const centre = step * (index + 0.5);
  const first = Math.max(Math.trunc(centre - reach + 0.5), 0);
  const end = Math.min(Math.trunc(centre + reach + 0.5), size);
  const row = new Array<number>(size).fill(0);
  for (let at = first; at < end; at++) {
    const distance = (at - centre + 0.5) / width;
    row[at] = isCubic ? cubic(distance, -0.5) : Math.max(0, 1 - Math.abs(distance));
  }
  const total = row.reduce((sum, weight) => sum + weight, 0);
  return row.map((weight) => weight / total);
}

/** Keys 1981, "Cubic convolution interpolation for digital image processing". */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

import { coarseLength } from './coarse-picture.ts';

/** Numbers of a coarse picture that say in which cell of a grid it lies; the first one is 0 for all. */
const gridded = 5;
/** Cells along each axis on either side of 0; what lies beyond falls into the last of them. */
const reach = 32;
/** Pictures after which it is told how far the search has come. */
const between = 512;

/**
 * All pairs of pictures whose coarse ones (see CoarsePictures) are no further apart than `bound`: none that is nearer
 * by its pixels is missed. Looks only into neighbouring cells of a grid as wide as the bound. Yields how many pictures
 * have been looked at.
 */
export function* nearPairs(
  coarse: Float32Array,
  pictures: Int32Array,
  bound: number,
  found: (one: number, other: number) => void,
): Generator<number, void> {
  // Room for the rounding of single precision.
  const width = bound * 1.0001 + 1e-5;
  const most = width * width;
  const keys = Float64Array.from(pictures, (picture) => keyOf(coarse, picture * coarseLength, width));
  const order = Int32Array.from(pictures.keys()).sort((one, other) => keys[one]! - keys[other]!);
  const rows = new Float32Array(pictures.length * coarseLength);
  const cells = new Map<number, { readonly first: number; end: number }>();
  for (const [place, at] of order.entries()) {
    const from = pictures[at]! * coarseLength;
    rows.set(coarse.subarray(from, from + coarseLength), place * coarseLength);
    const cell = cells.get(keys[at]!);
    if (cell === undefined) cells.set(keys[at]!, { first: place, end: place + 1 });
    else cell.end = place + 1;
  }
  let looked = 0;
  for (const [key, { first, end }] of cells) {
    for (const neighbour of laterNeighbours) {
      const near = cells.get(key + neighbour);
      if (near === undefined) continue;
      compareCells(rows, { first, end }, neighbour === 0 ? null : near, most, (place, other) =>
        found(pictures[order[place]!]!, pictures[order[other]!]!),
      );
    }
    for (let place = first; place < end; place++) if (++looked % between === 0) yield looked;
  }
}

interface Cell {
  readonly first: number;
  readonly end: number;
}

/** The pictures of one cell with those of another, or each with those after it. */
function compareCells(
  rows: Float32Array,
  cell: Cell,
  other: Cell | null,
  most: number,
  found: (one: number, other: number) => void,
): void {
  for (let place = cell.first; place < cell.end; place++) {
    const end = (other ?? cell).end;
    for (let against = other?.first ?? place + 1; against < end; against++) {
      if (isWithin(rows, place * coarseLength, against * coarseLength, most)) found(place, against);
    }
  }
}

/** Most pairs part within the first few numbers. */
function isWithin(rows: Float32Array, one: number, other: number, most: number): boolean {
  let distance = 0;
  for (let at = 1; at < coarseLength; at++) {
    const difference = rows[one + at]! - rows[other + at]!;
    distance += difference * difference;
    if (distance > most) return false;
  }
  return true;
}

const steps = Array.from({ length: gridded }, (_, axis) => (2 * reach) ** axis);

function keyOf(coarse: Float32Array, from: number, width: number): number {
  let key = 0;
  for (let axis = 0; axis < gridded; axis++) {
    const cell = Math.floor(coarse[from + 1 + axis]! / width);
    key += steps[axis]! * (Math.max(1 - reach, Math.min(reach - 2, cell)) + reach);
  }
  return key;
}

/** Each pair of neighbouring cells once, and a cell with itself. */
const laterNeighbours = steps
  .reduce((sums: readonly number[], step) => sums.flatMap((sum) => [sum - step, sum, sum + step]), [0])
  .filter((sum) => sum >= 0);

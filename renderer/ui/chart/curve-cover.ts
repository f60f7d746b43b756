import type { Point } from './series.ts';

/** A line of a chart in pixels. */
export interface DrawnCurve {
  /** In rising order of `x`. */
  readonly points: readonly Point[];
  /** Its points are not joined. */
  readonly isDotsOnly: boolean;
  readonly isFaint: boolean;
}

export interface PixelBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels around a line that belong to it: half its width, or its dots. */
const around = 3;

/** What a box would hide: 0 nothing, 1 a faint line only, 2 a line, 3 the highest or lowest point of one. */
export function coverOf(curves: readonly DrawnCurve[], { left, right, top, bottom }: PixelBox): 0 | 1 | 2 | 3 {
  const box = { left: left - around, right: right + around, top: top - around, bottom: bottom + around };
  const hit = curves.filter((curve) => meets(curve, box));
  if (hit.length === 0) return 0;
  if (hit.every(({ isFaint }) => isFaint)) return 1;
  return hit.some((curve) => !curve.isFaint && holdsExtreme(curve, box)) ? 3 : 2;
}

/** Of a curve that goes on at one height no point is an extreme. */
function holdsExtreme({ points }: DrawnCurve, { left, right, top, bottom }: PixelBox): boolean {
  let [highest, lowest] = [Infinity, -Infinity];
  for (const { y } of points) {
    if (y < highest) highest = y;
    if (y > lowest) lowest = y;
  }
  if (highest === lowest) return false;
  return points.some(
    ({ x, y }) => (y === highest || y === lowest) && x >= left && x <= right && y >= top && y <= bottom,
  );
}

function meets({ points, isDotsOnly }: DrawnCurve, { left, right, top, bottom }: PixelBox): boolean {
  return points.some((point, index) => {
    const isInside = point.x >= left && point.x <= right && point.y >= top && point.y <= bottom;
    const next = points[index + 1];
    if (isInside || isDotsOnly || next === undefined || next.x < left || point.x > right) return isInside;
    // Of the piece between both only what lies above or below the box.
    const slope = next.x === point.x ? 0 : (next.y - point.y) / (next.x - point.x);
    const first = point.y + slope * (Math.max(left, point.x) - point.x);
    const last = next.x === point.x ? next.y : point.y + slope * (Math.min(right, next.x) - point.x);
    return Math.min(first, last) <= bottom && Math.max(first, last) >= top;
  });
}

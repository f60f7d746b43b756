import type { DrawnLine, DrawnMark, DrawnModule, DropPoint } from './drawing.ts';

/** What is drawn so far. Its lists grow while parts are put on it; nobody else holds it. */
export interface Sheet {
  readonly modules: DrawnModule[];
  readonly marks: DrawnMark[];
  readonly lines: DrawnLine[];
  readonly drops: DropPoint[];
}

/** A piece of the drawing: its measures are known before its position is. */
export interface Part {
  readonly width: number;
  readonly height: number;
  /** From its left: where data comes in above and goes out below. */
  readonly axis: number;
  /** From its top: where a line from above ends, and where one to below begins. */
  readonly inlet: number;
  readonly outlet: number;
  /** Draws it with its left top corner there. */
  readonly put: (sheet: Sheet, x: number, y: number) => void;
}

export type Point = readonly [x: number, y: number];

/** Leaves out pieces without length and corners that are none. */
export function drawLine(sheet: Sheet, kind: DrawnLine['kind'], points: readonly Point[], hasArrow = true): void {
  const corners: Point[] = [];
  for (const point of points) {
    const [before, last] = [corners.at(-2), corners.at(-1)];
    if (last !== undefined && last[0] === point[0] && last[1] === point[1]) continue;
    if (before !== undefined && last !== undefined && isStraight(before, last, point)) corners.pop();
    corners.push(point);
  }
  if (corners.length > 1) sheet.lines.push({ kind, points: corners, hasArrow });
}

function isStraight(a: Point, b: Point, c: Point): boolean {
  return (a[0] === b[0] && b[0] === c[0]) || (a[1] === b[1] && b[1] === c[1]);
}

import type { Box, DropPoint } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';
import type { Point } from './stage.ts';

/** The drop point nearest to a point of the drawing, no farther from it than `reach`. */
export function nearestDrop(drops: readonly DropPoint[], point: Point, reach: number): DropPoint | undefined {
  let nearest: DropPoint | undefined;
  let least = reach;
  for (const drop of drops) {
    const distance = distanceTo(drop, point);
    if (distance > least) continue;
    least = distance;
    nearest = drop;
  }
  return nearest;
}

/** Those a dragged module can be put to: none of itself, nor inside of it. */
export function openTo(drops: readonly DropPoint[], dragged: readonly Address[]): readonly DropPoint[] {
  if (dragged.length === 0) return drops;
  return drops.filter(({ address, side }) =>
    dragged.every((own) => (side === 'at' && address === own ? true : !isWithin(address, own))),
  );
}

/** Whether an address is that of a module or of something inside it. */
export function isWithin(address: Address, module: Address): boolean {
  if (!address.startsWith(module)) return false;
  const next = address[module.length];
  return next === undefined || next === '.' || next === '/' || next === '[';
}

export function distanceTo(box: Box, point: Point): number {
  const x = Math.max(box.x - point.x, 0, point.x - box.x - box.width);
  const y = Math.max(box.y - point.y, 0, point.y - box.y - box.height);
  return Math.hypot(x, y);
}

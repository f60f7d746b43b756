import type { Box, Drawing, DrawnModule } from '../../../../core/drawing/drawing.ts';
import { overlaps } from './region.ts';
import type { Point, Size } from './stage.ts';

/** Pixels between a note and what it stands beside. */
const gap = 10;

/**
 * Where a note on a module stands: right of it, left of it, beside everything at its height, below or above it; where
 * each of these hides other modules or lies under one of `covers`, at the nearest place in sight that does neither.
 * Where there is no such place it stays in sight and hides as little as it can.
 */
export function notePlace(
  drawing: Drawing,
  module: DrawnModule,
  note: Size,
  seen: Box,
  covers: readonly Box[] = [],
): Point {
  const { x, y, width, height } = module;
  const others: readonly Box[] = [
    ...drawing.modules
      .filter((other) => other !== module)
      .map((other) => (isWithin(module, other) ? headOf(other) : other)),
    ...drawing.marks,
  ];
  const beside = others.filter((other) => overlaps(other, { ...note, x: other.x, y }));
  const right = Math.max(x + width, ...beside.map((other) => other.x + other.width));
  const left = Math.min(x, ...beside.map((other) => other.x));
  const places: readonly Point[] = [
    { x: x + width + gap, y },
    { x: x - gap - note.width, y },
    { x: right + gap, y },
    { x: left - gap - note.width, y },
    { x, y: y + height + gap },
    { x, y: y - gap - note.height },
  ];
  const rated = places.map((place) => {
    const box = { ...note, ...place };
    const hidden = [...others, ...covers].reduce((sum, other) => sum + shared(box, other), 0);
    return { place, isSeen: shared(box, seen) >= note.width * note.height - 1, hidden };
  });
  const best = rated.reduce((so, each) => {
    if (so.isSeen !== each.isSeen) return so.isSeen ? so : each;
    return each.hidden < so.hidden ? each : so;
  });
  return best.isSeen && best.hidden === 0
    ? best.place
    : (nearestFree(module, [...others, ...covers, module], note, seen) ?? best.place);
}

/** Places that are tried across and down what is in sight. */
const tries = 40;

/** In sight, over nothing, and as near to the module as can be; null: there is no such place. */
function nearestFree(module: Box, taken: readonly Box[], note: Size, seen: Box): Point | null {
  const room = { width: seen.width - note.width, height: seen.height - note.height };
  if (room.width < 0 || room.height < 0) return null;
  const near = taken.filter((box) => overlaps(box, seen));
  let best: { readonly place: Point; readonly distance: number; readonly aside: number } | null = null;
  for (let row = 0; row <= tries; row++) {
    for (let column = 0; column <= tries; column++) {
      const place = { x: seen.x + (column / tries) * room.width, y: seen.y + (row / tries) * room.height };
      const distance = distanceOf(module, { ...note, ...place });
      const aside = Math.abs(place.x - module.x) + Math.abs(place.y - module.y);
      if (best !== null && (distance > best.distance || (distance === best.distance && aside >= best.aside))) continue;
      const box = { x: place.x - gap, y: place.y - gap, width: note.width + 2 * gap, height: note.height + 2 * gap };
      if (!near.some((other) => overlaps(other, box))) best = { place, distance, aside };
    }
  }
  return best?.place ?? null;
}

/** Between the edges of two boxes; 0 where they meet. */
function distanceOf(one: Box, other: Box): number {
  const across = Math.max(one.x - other.x - other.width, other.x - one.x - one.width, 0);
  const down = Math.max(one.y - other.y - other.height, other.y - one.y - one.height, 0);
  return Math.hypot(across, down);
}

/** Of a frame around the module the note may be in it, as the module is, but not on its name. */
function headOf({ x, y, width, headerHeight }: DrawnModule): Box {
  return { x, y, width, height: headerHeight };
}

function isWithin(module: Box, frame: Box): boolean {
  return shared(module, frame) >= module.width * module.height;
}

/** Area. */
function shared(one: Box, other: Box): number {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, across) * Math.max(0, down);
}

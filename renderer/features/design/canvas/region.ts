import type { Box } from '../../../../core/drawing/drawing.ts';
import type { Size, Viewport } from './stage.ts';

/** Of what is in sight, so much more is drawn on each side: a pan then draws something new only now and then. */
const more = 0.25;
/** Once a region is so many times what is in sight, it is made anew. */
const tooLarge = 4;

/** The part of the drawing that is drawn for a view. */
export function regionOf(viewport: Viewport, canvas: Size): Box {
  const { x, y, width, height } = inSight(viewport, canvas);
  return {
    x: x - width * more,
    y: y - height * more,
    width: width * (1 + 2 * more),
    height: height * (1 + 2 * more),
  };
}

/** Whether a region drawn before still serves. */
export function isStillSeen(region: Box, viewport: Viewport, canvas: Size): boolean {
  const seen = inSight(viewport, canvas);
  const isWithin =
    seen.x >= region.x &&
    seen.y >= region.y &&
    seen.x + seen.width <= region.x + region.width &&
    seen.y + seen.height <= region.y + region.height;
  return isWithin && region.width <= seen.width * tooLarge;
}

export function inSight(viewport: Viewport, canvas: Size): Box {
  return inDrawing(viewport, { x: 0, y: 0, ...canvas });
}

/** A box of the canvas, in pixels, as one of the drawing. */
export function inDrawing({ x, y, zoom }: Viewport, box: Box): Box {
  return { x: (box.x - x) / zoom, y: (box.y - y) / zoom, width: box.width / zoom, height: box.height / zoom };
}

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

import type { Box } from '../../../../core/drawing/drawing.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What part of the drawing is seen: a point of the drawing lies at `point × zoom + (x, y)` of the canvas. */
export interface Viewport extends Point {
  readonly zoom: number;
}

/** The canvas as everything but its adapter knows it. */
export interface Stage {
  /** Around the middle of the canvas. */
  zoomBy(factor: number): void;
  /** One pixel of the drawing is one of the screen. */
  actualSize(): void;
  /** All of the drawing. */
  fit(): void;
  /** As it is seen at first: the whole width, from the top, no smaller than can be read. */
  begin(): void;
  /** Moves no further than it takes to see the box. */
  show(box: Box): void;
  /** Brings a point of the drawing to the middle of the canvas. */
  centre(point: Point): void;
  panBy(x: number, y: number): void;
  /** Where in the drawing a point of the window lies. */
  pointAt(clientX: number, clientY: number): Point;
}

/** What can still be read on a usual screen. */
const legible = 0.75;
/** Pixels of the canvas left free around what is shown. */
const margin = 28;
/** Of its lower end, which the buttons and the small map cover. */
const controls = 36;
/** And above what begins there. */
const top = 36;

/** The view that shows all of a drawing. */
export function fitted(drawing: Size, canvas: Size): Viewport {
  const across = (canvas.width - 2 * margin) / drawing.width;
  const down = (canvas.height - 2 * margin) / drawing.height;
  const zoom = Math.max(minimalZoom, Math.min(1, across, down));
  return {
    x: (canvas.width - drawing.width * zoom) / 2,
    y: (canvas.height - drawing.height * zoom) / 2,
    zoom,
  };
}

/** The view a drawing begins with; what is too wide for the canvas begins with `axis`, where its data flows, in the middle. */
export function beginning(drawing: Size, axis: number, canvas: Size): Viewport {
  const whole = fitted(drawing, canvas);
  if (whole.zoom >= legible) return { ...whole, y: top };
  const across = (canvas.width - 2 * margin) / drawing.width;
  const zoom = Math.max(legible, Math.min(1, across));
  const room = canvas.width - drawing.width * zoom;
  const x = room >= 2 * margin ? room / 2 : Math.min(margin, Math.max(room - margin, canvas.width / 2 - axis * zoom));
  return { x, y: top, zoom };
}

/** The view moved no further than it takes to see the box, its top left before its other corner. */
export function showing(viewport: Viewport, box: Box, canvas: Size): Viewport {
  const { zoom } = viewport;
  return {
    x: moved(viewport.x, box.x * zoom, box.width * zoom, canvas.width),
    y: moved(viewport.y, box.y * zoom, box.height * zoom, canvas.height - controls),
    zoom,
  };
}

function moved(offset: number, start: number, length: number, room: number): number {
  const first = offset + start;
  const fits = length + 2 * margin <= room;
  // Of what is longer than the canvas the beginning counts, and nothing moves while that is seen.
  if (!fits) return first >= 0 && first <= room - 3 * margin ? offset : margin - start;
  if (first < margin) return margin - start;
  return first + length > room - margin ? room - margin - length - start : offset;
}

/** Where a module is seen: the line its data flows along, which stays where it is as the module grows to a side, and its top. */
export interface Held {
  readonly axis: number;
  readonly y: number;
}

/** The view in which what moved within the drawing stays where it was on the canvas. */
export function kept(viewport: Viewport, before: Held, after: Held): Viewport {
  return {
    x: viewport.x + (before.axis - after.axis) * viewport.zoom,
    y: viewport.y + (before.y - after.y) * viewport.zoom,
    zoom: viewport.zoom,
  };
}

export function centred({ zoom }: Viewport, point: Point, canvas: Size): Viewport {
  return { x: canvas.width / 2 - point.x * zoom, y: canvas.height / 2 - point.y * zoom, zoom };
}

/** The view so many times as large, a point of the canvas staying over the same point of the drawing. */
export function zoomedAt(viewport: Viewport, factor: number, at: Point): Viewport {
  const zoom = Math.min(maximalZoom, Math.max(minimalZoom, viewport.zoom * factor));
  const grown = zoom / viewport.zoom;
  return { x: at.x - (at.x - viewport.x) * grown, y: at.y - (at.y - viewport.y) * grown, zoom };
}

/** What a turn of the wheel makes of the zoom: a notch about a quarter more, fingers on a touchpad as far as they go. */
export function wheelFactor({ deltaY, deltaMode }: { readonly deltaY: number; readonly deltaMode: number }): number {
  const pixels = deltaMode === 0 ? deltaY : deltaY * 20;
  return 2 ** Math.max(-0.35, Math.min(0.35, -pixels / 100));
}

export const minimalZoom = 0.02;
export const maximalZoom = 2;
/** Below it no word can be read, and modules are drawn without. */
export const farZoom = 0.4;

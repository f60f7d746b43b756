import type { CellSize } from './grid-layout.ts';

/**
 * How large images are drawn: about so many CSS pixels wide, each pixel of the image a whole number of the screen's, or of a
 * large image the other way about.
 */
export const imageSizes = [28, 42, 56, 84, 112, 168] as const;

/** Above each image, for what was said of it. CSS pixels. */
export const captionHeight = 17;

export interface GridSize {
  readonly image: CellSize;
  readonly cell: CellSize;
}

const gap = 8;
/** Short names of classes must have room above their image. */
const leastCell = 36;

export function gridSize(image: CellSize, wanted: number, pixelRatio: number, longestName: number): GridSize {
  const ratio = (wanted * pixelRatio) / image.width;
  const pixels = (ratio >= 1 ? Math.round(ratio) : 1 / Math.round(1 / ratio)) / pixelRatio;
  const size = { width: image.width * pixels, height: image.height * pixels };
  const width = Math.ceil(Math.max(size.width, leastCell, longestName)) + gap;
  return { image: size, cell: { width, height: Math.ceil(size.height) + captionHeight + gap } };
}

/** Where an image stands in its cell. */
export function imageOffset(cell: CellSize, image: CellSize): { readonly x: number; readonly y: number } {
  return { x: Math.floor((cell.width - image.width) / 2), y: captionHeight };
}

import { paintGrid } from './paint-grid.ts';
import type { GridColours, GridContent } from './paint-grid.ts';

/** The whole grid as a PNG, one pixel for each of CSS. */
export async function paintPicture(content: GridContent, width: number, colours: GridColours): Promise<Blob> {
  const { height } = content.layout;
  const canvas = new OffscreenCanvas(width, height);
  paintGrid(canvas.getContext('2d')!, content, colours, { top: 0, width, height });
  return canvas.convertToBlob({ type: 'image/png' });
}

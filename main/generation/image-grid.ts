import { drawImage, makeCanvas } from '../evaluation/canvas.ts';
import type { Canvas, Image } from '../evaluation/canvas.ts';

const imageScale = 2;
/** Pixels between images. */
const gap = 2;

/** Images of one size row by row. */
export function drawGrid(images: readonly Image[], columns: number): Canvas {
  const { width, height } = images[0]!;
  const across = width * imageScale + gap;
  const down = height * imageScale + gap;
  const rows = Math.ceil(images.length / columns);
  const canvas = makeCanvas(columns * across + gap, rows * down + gap, [255, 255, 255]);
  for (const [index, image] of images.entries()) {
    drawImage(canvas, image, gap + (index % columns) * across, gap + Math.floor(index / columns) * down, imageScale);
  }
  return canvas;
}

import { elementCount } from '../../../core/catalogue/shape.ts';
import type { MadeSamples } from '../../../core/contract/samples.ts';
import { imageOf } from '../../ui/image-of.ts';

/** Pixels between images. */
const gap = 1;

/** Of the canvas on which the images of one frame lie row by row, each pixel one pixel. */
export function gridSize(made: MadeSamples): { readonly width: number; readonly height: number } {
  const [, height = 1, width = 1] = made.imageShape;
  const rows = Math.ceil(imagesOfFrame(made) / made.columns);
  return { width: made.columns * (width + gap) - gap, height: rows * (height + gap) - gap };
}

export function drawFrame(context: CanvasRenderingContext2D, made: MadeSamples, frame: number): void {
  const [, height = 1, width = 1] = made.imageShape;
  const count = imagesOfFrame(made);
  for (let index = 0; index < count; index++) {
    const [column, row] = [index % made.columns, Math.floor(index / made.columns)];
    const image = imageOf(made.pixels, frame * count + index, made.imageShape);
    context.putImageData(image, column * (width + gap), row * (height + gap));
  }
}

function imagesOfFrame({ pixels, frames, imageShape }: MadeSamples): number {
  return pixels.length / frames / elementCount(imageShape);
}

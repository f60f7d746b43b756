import { createRequire } from 'node:module';
import type gifencModule from 'gifenc';
import type { Canvas } from '../evaluation/canvas.ts';

/** Its file for require says that it is an ES module: what a default import of it gives differs from loader to loader. */
const gifenc = createRequire(import.meta.url)('gifenc') as typeof gifencModule;

export interface Frame {
  readonly picture: Canvas;
  /** Milliseconds that it is shown. */
  readonly delay: number;
}

/** Pictures of one size one after another, over and over, as a GIF. */
export function animation(frames: Iterable<Frame>): Uint8Array {
  const gif = gifenc.GIFEncoder();
  for (const { picture, delay } of frames) {
    const coloured = withAlpha(picture.data);
    const palette = gifenc.quantize(coloured, 256);
    const indices = gifenc.applyPalette(coloured, palette);
    gif.writeFrame(indices, picture.width, picture.height, { palette, delay });
  }
  gif.finish();
  return gif.bytes();
}

function withAlpha(colours: Uint8Array): Uint8Array {
  const pixels = colours.length / 3;
  const coloured = new Uint8Array(pixels * 4).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++) coloured.set(colours.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return coloured;
}

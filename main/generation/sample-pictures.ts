import { encode } from 'fast-png';
import type { MadeSamples } from '../../core/contract/samples.ts';
import type { Canvas } from '../evaluation/canvas.ts';
import { animation } from './animation.ts';
import type { Frame } from './animation.ts';
import { drawGrid } from './image-grid.ts';
import { imagesOf } from './made-pixels.ts';

/** Milliseconds that one frame of a walk is shown, and the ends of the way. */
const shown = { each: 60, ends: 700 };

/** The images of the first frame row by row, as PNG. */
export function samplePicture(made: MadeSamples): Uint8Array {
  return encode({ ...drawFrame(made, 0), channels: 3, depth: 8 });
}

/** The frames there and back, as a GIF. */
export function sampleAnimation(made: MadeSamples): Uint8Array {
  return animation(framesOf(made));
}

function* framesOf(made: MadeSamples): Generator<Frame> {
  const there = Array.from({ length: made.frames }, (_, frame) => frame);
  for (const frame of [...there, ...there.slice(1, -1).toReversed()]) {
    const isEnd = frame === 0 || frame === made.frames - 1;
    yield { picture: drawFrame(made, frame), delay: isEnd ? shown.ends : shown.each };
  }
}

function drawFrame({ pixels, frames, imageShape, columns }: MadeSamples, frame: number): Canvas {
  const length = pixels.length / frames;
  return drawGrid(imagesOf(pixels.subarray(frame * length, (frame + 1) * length), imageShape), columns);
}

import { decode, encode } from 'fast-png';
import gifenc from 'gifenc';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession } from '../engine/addon.ts';
import { drawImage, makeCanvas } from './canvas.ts';
import type { Canvas, Image } from './canvas.ts';

/** Images in each direction of the grid of a generator without classes. */
const side = 10;
const imageScale = 2;
/** Pixels between images. */
const gap = 2;

/**
 * What the generator makes now of noise that is the same every time, as PNG: a row for each sample of noise and a
 * column for each class where the training is conditional, else samples row by row.
 */
export async function generatedGrid(session: EngineSession, plan: Plan): Promise<Uint8Array> {
  const { adversarial, data, seed, inputShape } = plan;
  const isConditional = adversarial?.conditional === true;
  const columns = isConditional ? data.classes : side;
  const drawn = await session.drawNoise(isConditional ? side : side * columns, seed);
  const noise = isConditional ? repeated(drawn, drawn.length / side, columns) : drawn;
  const classes = isConditional
    ? Int32Array.from({ length: side * columns }, (_, index) => index % columns)
    : undefined;
  const values = await session.generate(noise, classes);
  const { scale, offset } = session.describe();
  return encode({ ...drawGrid(imagesOf(values, inputShape, scale, offset), columns), channels: 3, depth: 8 });
}

/** Each run of `length` numbers `times` times. */
function repeated(values: Float32Array, length: number, times: number): Float32Array {
  const rows = Array.from({ length: values.length / length }, (_, row) =>
    values.subarray(row * length, (row + 1) * length),
  );
  return Float32Array.from(rows.flatMap((row) => Array.from({ length: times }, () => [...row]).flat()));
}

/** Pixels 0…255 of what a network gives: the normalisation of the data taken back. */
function imagesOf(
  values: Float32Array,
  [channels = 1, height = 1, width = 1]: readonly number[],
  scale: readonly number[],
  offset: readonly number[],
): readonly Image[] {
  const plane = height * width;
  const size = channels * plane;
  return Array.from({ length: values.length / size }, (_, index) => {
    const pixels = Uint8Array.from(values.subarray(index * size, (index + 1) * size), (value, at) => {
      const channel = Math.floor(at / plane);
      return Math.max(0, Math.min(255, Math.round((value - offset[channel]!) / scale[channel]!)));
    });
    return { pixels, channels, height, width };
  });
}

function drawGrid(images: readonly Image[], columns: number): Canvas {
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

/** Milliseconds that one grid is shown, and the last. */
const frame = { each: 400, last: 2000 };

/** The grids, PNG of the same size, one after another as an animated GIF. */
export function gridAnimation(grids: readonly Uint8Array[]): Uint8Array {
  const gif = gifenc.GIFEncoder();
  for (const [index, grid] of grids.entries()) {
    const { width, height, data } = decode(grid);
    const coloured = withAlpha(Uint8Array.from(data));
    const palette = gifenc.quantize(coloured, 256);
    const delay = index === grids.length - 1 ? frame.last : frame.each;
    gif.writeFrame(gifenc.applyPalette(coloured, palette), width, height, { palette, delay });
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

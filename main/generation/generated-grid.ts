import { decode, encode } from 'fast-png';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession } from '../engine/addon.ts';
import { animation } from './animation.ts';
import type { Frame } from './animation.ts';
import { drawGrid } from './image-grid.ts';
import { imagesOf, madePixels } from './made-pixels.ts';

/** Images in each direction of the grid of a generator without classes. */
const side = 10;

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
  const pixels = madePixels(values, inputShape, session.describe());
  return encode({ ...drawGrid(imagesOf(pixels, inputShape), columns), channels: 3, depth: 8 });
}

/** Each run of `length` numbers `times` times. */
function repeated(values: Float32Array, length: number, times: number): Float32Array {
  const rows = Array.from({ length: values.length / length }, (_, row) =>
    values.subarray(row * length, (row + 1) * length),
  );
  return Float32Array.from(rows.flatMap((row) => Array.from({ length: times }, () => [...row]).flat()));
}

/** Milliseconds that one grid is shown, and the last. */
const shown = { each: 400, last: 2000 };

/** The grids, PNG of the same size, one after another as an animated GIF. */
export function gridAnimation(grids: readonly Uint8Array[]): Uint8Array {
  return animation(framesOf(grids));
}

/** One at a time: a training has hundreds of them. */
function* framesOf(grids: readonly Uint8Array[]): Generator<Frame> {
  for (const [index, grid] of grids.entries()) {
    const { width, height, data } = decode(grid);
    const delay = index === grids.length - 1 ? shown.last : shown.each;
    yield { picture: { width, height, data: Uint8Array.from(data) }, delay };
  }
}

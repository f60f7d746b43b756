import { constants, setPriority } from 'node:os';
import type { Addon, AugmentSettings } from '../../engine/addon.ts';
import type { AugmentReport } from '../../engine/messages.ts';
import type { Questions } from '../../engine/questions.ts';
import { failureOf } from '../../failures.ts';

/** Some images, and what a training would do to them. */
export interface AugmentQuestion {
  readonly kind: 'augment';
  readonly pixels: Uint8Array;
  /** [channels, height, width]. */
  readonly shape: readonly number[];
  readonly settings: AugmentSettings;
  readonly seed: number;
}

/** In the engine process: augments images until it is stopped. */
export async function augmentImages(
  addon: Addon,
  questions: Questions<AugmentQuestion>,
  stop: AbortSignal,
  report: (report: AugmentReport) => void,
): Promise<null> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  while (!stop.aborted) {
    const asked = questions.take();
    if (asked === undefined) await questions.wait(stop);
    else report(answered(addon, asked.id, asked.question));
  }
  return null;
}

function answered(addon: Addon, id: number, question: AugmentQuestion): AugmentReport {
  try {
    return { type: 'answered', id, answer: firstOfEach(addon, question) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    return { type: 'refused', id, failure };
  }
}

/** What an epoch over these images shows first of each: with flipped copies that is the image or its copy. */
function firstOfEach(addon: Addon, { pixels, shape, settings, seed }: AugmentQuestion): Float32Array {
  const { order, images } = addon.augmentImages(pixels, shape, JSON.stringify(settings), seed);
  const size = shape.reduce((product, side) => product * side, 1);
  const count = pixels.length / size;
  const chosen = new Float32Array(count * size);
  for (let image = 0; image < count; image++) {
    const position = order.findIndex((number) => number % count === image);
    chosen.set(images.subarray(position * size, (position + 1) * size), image * size);
  }
  return chosen;
}

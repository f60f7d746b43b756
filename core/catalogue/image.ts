import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';
import type { Dimensions, Shape } from './shape.ts';

/** For layers that take images. */
export function imageSizes(input: Shape): readonly [channels: number, height: number, width: number] {
  const [channels, height, width] = input;
  if (channels === undefined || height === undefined || width === undefined || input.length !== 3) {
    return refuse(`expects an image [channels, height, width] but receives ${formatShape(input)}`);
  }
  return [channels, height, width];
}

const kinds = {
  1: 'a sequence [channels, length]',
  2: 'an image [channels, height, width]',
  3: 'a volume [channels, depth, height, width]',
} as const;

/** For layers that there are for sequences, images and volumes: the channels, and the sizes beside them. */
export function channelsAnd(
  dimensions: Dimensions,
  input: Shape,
): { readonly channels: number; readonly sizes: readonly number[] } {
  const [channels, ...sizes] = input;
  if (channels === undefined || sizes.length !== dimensions) {
    return refuse(`expects ${kinds[dimensions]} but receives ${formatShape(input)}`);
  }
  return { channels, sizes };
}

import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';
import type { Shape } from './shape.ts';

/** For layers that take images. */
export function imageSizes(input: Shape): readonly [channels: number, height: number, width: number] {
  const [channels, height, width] = input;
  if (channels === undefined || height === undefined || width === undefined || input.length !== 3) {
    return refuse(`expects an image [channels, height, width], gets ${formatShape(input)}`);
  }
  return [channels, height, width];
}

import type { Image } from '../evaluation/canvas.ts';

/** Pixels 0…255 of images, images × channels × height × width, as a network gives them: the normalisation of the data taken back. */
export function madePixels(
  values: Float32Array,
  [channels = 1, height = 1, width = 1]: readonly number[],
  { scale, offset }: { readonly scale: readonly number[]; readonly offset: readonly number[] },
): Uint8Array {
  const plane = height * width;
  return Uint8Array.from(values, (value, at) => {
    const channel = Math.floor(at / plane) % channels;
    return Math.max(0, Math.min(255, Math.round((value - offset[channel]!) / scale[channel]!)));
  });
}

/** One after another. */
export function imagesOf(
  pixels: Uint8Array,
  [channels = 1, height = 1, width = 1]: readonly number[],
): readonly Image[] {
  const size = channels * height * width;
  return Array.from({ length: pixels.length / size }, (_, index) => ({
    pixels: pixels.subarray(index * size, (index + 1) * size),
    channels,
    height,
    width,
  }));
}

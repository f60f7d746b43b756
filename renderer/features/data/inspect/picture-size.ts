/** RawPicture's, on both sides. */
const border = 2;

/** CSS pixels of the longer side, about `wanted`: each pixel of the image a whole number of them, so that it stays crisp. */
export function pictureSize(inputShape: readonly number[], wanted: number): number {
  const longer = Math.max(inputShape[1] ?? 1, inputShape[2] ?? 1);
  return border + (longer >= wanted ? Math.min(longer, 2 * wanted) : Math.round(wanted / longer) * longer);
}

/** The bytes of one of many images. */
export function imageAt(pixels: Uint8Array, index: number, inputShape: readonly number[]): Uint8Array {
  const size = inputShape.reduce((product, side) => product * side, 1);
  return pixels.subarray(index * size, (index + 1) * size);
}

/** One of many images stored as images × channels × height × width of uint8: grey with one channel, colour with three. */
export function imageOf(
  pixels: Uint8Array,
  index: number,
  [channels = 1, height = 1, width = 1]: readonly number[],
): ImageData {
  const plane = height * width;
  const start = index * channels * plane;
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const channel = channels === 3 ? colour : 0;
      image.data[4 * pixel + colour] = pixels[start + channel * plane + pixel]!;
    }
    image.data[4 * pixel + 3] = 255;
  }
  return image;
}

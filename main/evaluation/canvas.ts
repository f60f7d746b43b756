/** A picture in memory: rows of red, green, blue. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export type Colour = readonly [number, number, number];

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function makeCanvas(width: number, height: number, background: Colour): Canvas {
  const canvas = { width, height, data: new Uint8Array(width * height * 3) };
  fill(canvas, { x: 0, y: 0, width, height }, background);
  return canvas;
}

export function fill(canvas: Canvas, { x, y, width, height }: Rectangle, colour: Colour): void {
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) canvas.data.set(colour, (row * canvas.width + column) * 3);
  }
}

/** Raw pixels of one image, channels × height × width, of one channel (grey) or three. */
export interface Image {
  readonly pixels: Uint8Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Draws an image with every pixel a square of `scale`, its upper left corner at (x, y). */
export function drawImage(canvas: Canvas, image: Image, x: number, y: number, scale: number): void {
  const plane = image.height * image.width;
  for (let row = 0; row < image.height; row++) {
    for (let column = 0; column < image.width; column++) {
      const at = row * image.width + column;
      const red = image.pixels[at] ?? 0;
      const colour: Colour =
        image.channels === 3
          ? [red, image.pixels[plane + at] ?? 0, image.pixels[2 * plane + at] ?? 0]
          : [red, red, red];
      fill(canvas, { x: x + column * scale, y: y + row * scale, width: scale, height: scale }, colour);
    }
  }
}

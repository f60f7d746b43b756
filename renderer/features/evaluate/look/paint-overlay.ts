/** What spoke for a class, laid over the picture. */
export interface Heat {
  /** 0 and more. */
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Over grey and over most colours it stands out in both themes. */
const hot = [255, 106, 0] as const;

/**
 * The picture with the heat over it, in as many pixels as the canvas has; the most of the heat at `opacity`. Of a layer
 * with fewer places than the picture the heat is spread evenly between them.
 */
export function paintOverlay(
  context: CanvasRenderingContext2D,
  picture: ImageData,
  heat: Heat | null,
  opacity: number,
): void {
  const { width, height } = context.canvas;
  context.imageSmoothingEnabled = false;
  context.drawImage(surfaceOf(picture), 0, 0, width, height);
  if (heat === null) return;
  let most = 0;
  for (const value of heat.values) most = Math.max(most, value);
  if (most === 0) return;
  const image = new ImageData(heat.width, heat.height);
  for (const [at, value] of heat.values.entries()) {
    image.data.set([...hot, Math.round(255 * opacity * (value / most))], 4 * at);
  }
  context.imageSmoothingEnabled = heat.width < picture.width;
  context.imageSmoothingQuality = 'high';
  context.drawImage(surfaceOf(image), 0, 0, width, height);
}

function surfaceOf(image: ImageData): OffscreenCanvas {
  const surface = new OffscreenCanvas(image.width, image.height);
  surface.getContext('2d')!.putImageData(image, 0, 0);
  return surface;
}

/** Pixels of the pad. */
export interface PadSize {
  readonly width: number;
  readonly height: number;
}

const longestSide = 280;

/** As wide for its height as the network's input. */
export function padSizeOf({ width, height }: PadSize): PadSize {
  const scale = longestSide / Math.max(width, height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

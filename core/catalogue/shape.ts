/** Sizes of one sample, without the batch: [channels, height, width]. */
export type Shape = readonly number[];

export type Pair = readonly [number, number];

/** As PyTorch numbers its layers: 1 for sequences, 2 for images, 3 for volumes. */
export type Dimensions = 1 | 2 | 3;

export function elementCount(shape: Shape): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, dimension) => size === b[dimension]);
}

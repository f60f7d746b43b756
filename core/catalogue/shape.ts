/** Sizes of one sample, without the batch: [channels, height, width]. */
export type Shape = readonly number[];

export type Pair = readonly [number, number];

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

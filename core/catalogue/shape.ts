import { sizes } from '../format.ts';

/** Sizes of one sample, without the batch: [channels, height, width]. */
export type Shape = readonly number[];

/** What flows from module to module: one tensor, or a tuple of them; never empty. */
export type Flow = readonly [Shape, ...Shape[]];

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

/** `[64, 7, 7]`, of a tuple `[64, 7, 7] and [10]`. */
export function formatFlow(flow: readonly Shape[]): string {
  return first(flow, formatShape).join(' and ');
}

/** For people: `64 × 7 × 7`, of a tuple `64 × 7 × 7 + 10`; a tensor without dimensions is one number. */
export function flowText(flow: readonly Shape[]): string {
  return first(flow, (shape) => (shape.length === 0 ? 'number' : sizes(shape))).join(' + ');
}

/** Tensors of a tuple that are written out. */
const mostWritten = 8;

function first(flow: readonly Shape[], write: (shape: Shape) => string): readonly string[] {
  const written = flow.slice(0, flow.length > mostWritten ? mostWritten - 1 : mostWritten).map(write);
  return written.length === flow.length ? written : [...written, `${flow.length - written.length} more`];
}

export function sameFlow(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a.length === b.length && a.every((shape, index) => sameShape(shape, b[index]!));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, dimension) => size === b[dimension]);
}

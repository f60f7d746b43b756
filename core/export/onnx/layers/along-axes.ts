import { elementCount } from '../../../catalogue/shape.ts';
import type { GraphBuilder } from '../graph-builder.ts';

/** A matrix row by row: [made, given]. */
export type Matrix = readonly (readonly number[])[];

/**
 * Multiplies each of the last dimensions by a matrix of its own; null leaves one as it is. `sizes` are those dimensions
 * before; `channels` are the ones between the batch and them.
 */
export function matricesAlong(
  graph: GraphBuilder,
  x: string,
  channels: readonly number[],
  sizes: readonly number[],
  matrices: readonly (Matrix | null)[],
): string {
  let made = x;
  const now = [...sizes];
  for (let side = sizes.length - 1; side >= 0; side--) {
    const matrix = matrices[side] ?? null;
    if (matrix === null) continue;
    made = matrixAlong(graph, made, channels, now, side, matrix);
    now[side] = matrix.length;
  }
  return made;
}

function matrixAlong(
  graph: GraphBuilder,
  x: string,
  channels: readonly number[],
  sizes: readonly number[],
  side: number,
  matrix: Matrix,
): string {
  const [made, given] = [matrix.length, sizes[side]!];
  if (side === sizes.length - 1) {
    const columns = matrix[0]!.flatMap((_, column) => matrix.map((row) => row[column]!));
    return graph.node('MatMul', [x, graph.floats([given, made], columns)]);
  }
  const rows = graph.floats([made, given], matrix.flat());
  const isNextToLast = side === sizes.length - 2;
  const behind = sizes.slice(side + 1);
  // The matrix product takes the last two dimensions: those behind lie as one.
  const flat = isNextToLast ? x : graph.reshape(x, [...channels, ...sizes.slice(0, side + 1), elementCount(behind)]);
  const product = graph.node('MatMul', [rows, flat]);
  return isNextToLast ? product : graph.reshape(product, [...channels, ...sizes.slice(0, side), made, ...behind]);
}

import type { GraphBuilder } from '../graph-builder.ts';
import { text } from '../model.ts';
import { listOf, numberOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import type { Ends } from './convolution.ts';

export const padding: Readonly<Record<string, LayerWriter>> = {
  Pad: (layer, x) => pad(layer, x, listOf(layer, 'pad'), layer.options['mode'] as string, numberOf(layer, 'value')),
  ZeroPad2d: (layer, x) => pad(layer, x, listOf(layer, 'padding'), 'constant', 0),
  ...byDimensions([1, 2, 3], 'ConstantPad', (layer, x) =>
    pad(layer, x, listOf(layer, 'padding'), 'constant', numberOf(layer, 'value')),
  ),
  ...byDimensions([1, 2], 'ReflectionPad', (layer, x) => pad(layer, x, listOf(layer, 'padding'), 'reflect', 0)),
  ...byDimensions([1, 2, 3], 'ReplicationPad', (layer, x) => pad(layer, x, listOf(layer, 'padding'), 'replicate', 0)),
};

function byDimensions(dimensions: readonly number[], name: string, writer: LayerWriter): Record<string, LayerWriter> {
  return Object.fromEntries(dimensions.map((count) => [`${name}${count}d`, writer]));
}

/** `ends` as PyTorch has them: before and after of the last dimension first. */
function pad(
  { graph, resolved }: LayerToWrite,
  x: string,
  ends: readonly number[],
  mode: string,
  value: number,
): string {
  return padLast(graph, x, resolved.input.length, ends, mode, value);
}

/** The same of a tensor whose samples have `rank` dimensions. */
export function padLast(
  graph: GraphBuilder,
  x: string,
  rank: number,
  ends: readonly number[],
  mode: string,
  value: number,
): string {
  const count = Math.min(rank, ends.length / 2);
  const sides = Array.from({ length: count }, (_, side) => count - 1 - side);
  const before = sides.map((side) => ends[2 * side]!);
  const after = sides.map((side) => ends[2 * side + 1]!);
  return padEnds(graph, x, { before, after }, mode, value, rank + 1);
}

/** ONNX's words for PyTorch's. */
const modes: Readonly<Record<string, string>> = { reflect: 'reflect', replicate: 'edge', circular: 'wrap' };

/** Along the last dimensions, in their order, of a tensor with `rank` of them: the batch, channels and these if not given. */
export function padEnds(
  graph: GraphBuilder,
  x: string,
  { before, after }: Ends,
  mode: string,
  value = 0,
  rank = before.length + 2,
): string {
  const others = new Array<number>(rank - before.length).fill(0);
  const ends = graph.ints([...others, ...before, ...others, ...after]);
  const inputs = mode === 'constant' ? [x, ends, graph.number(value)] : [x, ends];
  return graph.node('Pad', inputs, { mode: text(modes[mode] ?? 'constant') });
}

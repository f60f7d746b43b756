import { int, ints } from '../model.ts';
import { listOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { matricesAlong } from './along-axes.ts';
import type { Matrix } from './along-axes.ts';

export const adaptivePooling: Readonly<Record<string, LayerWriter>> = {
  AdaptiveAvgPool1d: averages,
  AdaptiveAvgPool2d: averages,
  AdaptiveAvgPool3d: averages,
  AdaptiveMaxPool1d: maxima,
  AdaptiveMaxPool2d: maxima,
  AdaptiveMaxPool3d: maxima,
};

function averages(layer: LayerToWrite, x: string): string {
  const { graph, resolved } = layer;
  const [channels, ...sizes] = resolved.input;
  const wanted = listOf(layer, 'output_size');
  if (wanted.every((count) => count === 1)) return graph.node('GlobalAveragePool', [x]);
  const kernel = evenWindows(sizes, wanted);
  if (kernel !== null) return graph.node('AveragePool', [x], { kernel_shape: ints(kernel), strides: ints(kernel) });
  return matricesAlong(graph, x, [channels!], sizes, meanMatrices(sizes, wanted));
}

function maxima(layer: LayerToWrite, x: string): string {
  const { graph, resolved } = layer;
  const sizes = resolved.input.slice(1);
  const wanted = listOf(layer, 'output_size');
  if (wanted.every((count) => count === 1)) return graph.node('GlobalMaxPool', [x]);
  const kernel = evenWindows(sizes, wanted);
  if (kernel !== null) return graph.node('MaxPool', [x], { kernel_shape: ints(kernel), strides: ints(kernel) });
  let made = x;
  for (const [side, size] of sizes.entries()) {
    const windows = windowsOf(size, wanted[side]!);
    const longest = Math.max(...windows.map(({ start, end }) => end - start));
    // A shorter window has its last element more than once.
    const places = windows.flatMap(({ start, end }) =>
      Array.from({ length: longest }, (_, at) => Math.min(start + at, end - 1)),
    );
    const gathered = graph.node('Gather', [made, graph.indices([windows.length, longest], places)], {
      axis: int(side + 2),
    });
    made = graph.reduce('ReduceMax', gathered, [side + 3], false);
  }
  return made;
}

/** Windows of one size without gaps, where there are such. */
function evenWindows(sizes: readonly number[], wanted: readonly number[]): readonly number[] | null {
  const kernel = sizes.map((size, side) => size / wanted[side]!);
  return kernel.every(Number.isInteger) ? kernel : null;
}

interface Window {
  readonly start: number;
  /** The first element behind it. */
  readonly end: number;
}

/** As libtorch lays them: aten/src/ATen/native/AdaptivePooling.h. */
function windowsOf(size: number, count: number): readonly Window[] {
  return Array.from({ length: count }, (_, index) => ({
    start: Math.floor((index * size) / count),
    end: Math.ceil(((index + 1) * size) / count),
  }));
}

/** What takes the means along each dimension; the mean of a box is that of its rows' means. */
export function meanMatrices(sizes: readonly number[], wanted: readonly number[]): readonly (Matrix | null)[] {
  return sizes.map((size, side) => {
    if (wanted[side] === size) return null;
    return windowsOf(size, wanted[side]!).map(({ start, end }) =>
      Array.from({ length: size }, (_, at) => (at >= start && at < end ? 1 / (end - start) : 0)),
    );
  });
}

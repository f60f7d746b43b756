import type { GraphBuilder } from '../graph-builder.ts';
import { int, onnxTypes } from '../model.ts';
import { numberOf, required } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { normAlong } from './norm.ts';

export const embedding: Readonly<Record<string, LayerWriter>> = {
  Embedding: (layer, x) => rowsOf(layer, wholeNumbers(layer.graph, x)),
  EmbeddingBag: bag,
  EmbedPosition(layer, x) {
    const { graph, resolved, options } = layer;
    const length = resolved.input[0]!;
    const places = firstRows(layer, 'pos', length, numberOf(layer, 'rows'));
    if (options['added'] === true) return graph.node('Add', [x, places]);
    return graph.node('Expand', [places, graph.batchOf(x, [], [1, 1])]);
  },
  EmbedSequence(layer, x) {
    const { graph, resolved } = layer;
    const tokens = graph.node('Gather', [required(layer, 'tok.weight'), wholeNumbers(graph, x)]);
    const places = firstRows(layer, 'pos.pos', resolved.input[0]!, numberOf(layer, 'length'));
    return graph.node('Add', [tokens, places]);
  },
  OneHot(layer, x) {
    const { graph } = layer;
    const classes = graph.index(numberOf(layer, 'num_classes'));
    return graph.node('OneHot', [wholeNumbers(graph, x), classes, graph.floats([2], [0, 1])], { axis: int(-1) });
  },
};

/** They come as floats. */
function wholeNumbers(graph: GraphBuilder, x: string): string {
  return graph.node('Cast', [x], { to: int(onnxTypes.int64) });
}

function firstRows(layer: LayerToWrite, name: string, count: number, rows: number): string {
  const all = required(layer, name);
  return count === rows ? all : layer.graph.slice(all, 1, 0, count);
}

/** Rows longer than max_norm are scaled down to it, with libtorch's 1e-7 against division by zero. */
function rowsOf(layer: LayerToWrite, numbers: string): string {
  const { graph, options } = layer;
  const rows = graph.node('Gather', [required(layer, 'weight'), numbers]);
  const most = options['max_norm'];
  if (typeof most !== 'number') return rows;
  const norm = normAlong(graph, rows, numberOf(layer, 'norm_type'), -1, true);
  const scaled = graph.node('Mul', [
    rows,
    graph.node('Div', [graph.number(most), graph.node('Add', [norm, graph.number(1e-7)])]),
  ]);
  return graph.node('Where', [graph.node('Greater', [norm, graph.number(most)]), scaled, rows]);
}

/** The row of padding_idx does not count; of nothing but it zeros are made. */
function bag(layer: LayerToWrite, x: string): string {
  const { graph, options } = layer;
  const numbers = wholeNumbers(graph, x);
  const rows = rowsOf(layer, numbers);
  const reducers: Readonly<Record<string, string>> = { mean: 'ReduceMean', sum: 'ReduceSum', max: 'ReduceMax' };
  const reducer = reducers[options['mode'] as string]!;
  const padding = options['padding_idx'];
  if (typeof padding !== 'number') return graph.reduce(reducer, rows, [1], false);
  const row = padding < 0 ? padding + numberOf(layer, 'num_embeddings') : padding;
  const isRow = graph.node('Unsqueeze', [
    graph.node('Not', [graph.node('Equal', [numbers, graph.index(row)])]),
    graph.ints([2]),
  ]);
  const counted = graph.reduce('ReduceSum', graph.node('Cast', [isRow], { to: int(onnxTypes.float32) }), [1], false);
  if (reducer === 'ReduceMax') {
    const most = graph.reduce('ReduceMax', graph.node('Where', [isRow, rows, graph.number(-Infinity)]), [1], false);
    return graph.node('Where', [graph.node('Greater', [counted, graph.number(0)]), most, graph.number(0)]);
  }
  const sum = graph.reduce('ReduceSum', graph.node('Where', [isRow, rows, graph.number(0)]), [1], false);
  return reducer === 'ReduceSum' ? sum : graph.node('Div', [sum, graph.node('Max', [counted, graph.number(1)])]);
}

import type { GraphBuilder } from '../graph-builder.ts';
import { axisOf, isSet, numberOf } from '../layer-writer.ts';
import type { LayerWriter } from '../layer-writer.ts';
import type { JoinKind } from '../../../network/tree.ts';
import { normAlong } from './norm.ts';

export const combine: Readonly<Record<string, LayerWriter>> = {
  Cat: along('cat'),
  Stack: along('stack'),
  Add: ({ graph }, ...inputs) => joined(graph, 'add', 1, 1, inputs),
  Mul: ({ graph }, ...inputs) => joined(graph, 'multiply', 1, 1, inputs),
  MatMul: ({ graph }, ...inputs) => joined(graph, 'matmul', 1, 1, inputs),
  PairwiseDistance(layer, x, y = x) {
    const { graph } = layer;
    const between = graph.node('Add', [graph.node('Sub', [x, y]), graph.number(numberOf(layer, 'eps'))]);
    return normAlong(graph, between, numberOf(layer, 'p'), layer.resolved.input.length, isSet(layer, 'keepdim'));
  },
  CosineSimilarity(layer, x, y = x) {
    const { graph, resolved } = layer;
    const axis = axisOf(numberOf(layer, 'dim'), resolved.input.length);
    const least = graph.number(numberOf(layer, 'eps'));
    const length = (name: string) => graph.node('Max', [normAlong(graph, name, 2, axis, true), least]);
    const products = graph.node('Mul', [graph.node('Div', [x, length(x)]), graph.node('Div', [y, length(y)])]);
    return graph.reduce('ReduceSum', products, [axis], false);
  },
};

function along(kind: 'cat' | 'stack'): LayerWriter {
  return (layer, ...inputs) => joined(layer.graph, kind, numberOf(layer, 'dim'), layer.resolved.input.length, inputs);
}

const operators = { add: 'Add', multiply: 'Mul', matmul: 'MatMul' } as const;

/** From the first to the last; `dim` counts the batch as 0, `rank` is that of one sample. */
export function joined(
  graph: GraphBuilder,
  kind: Exclude<JoinKind, 'tuple'>,
  dim: number,
  rank: number,
  inputs: readonly string[],
): string {
  switch (kind) {
    case 'cat':
      return graph.concatenate(inputs, axisOf(dim, rank));
    case 'stack': {
      const axis = axisOf(dim, rank + 1);
      const layers = inputs.map((input) => graph.node('Unsqueeze', [input, graph.ints([axis])]));
      return graph.concatenate(layers, axis);
    }
    case 'add':
    case 'multiply':
    case 'matmul':
      return inputs.reduce((left, right) => graph.node(operators[kind], [left, right]));
  }
}

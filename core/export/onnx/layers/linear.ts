import { int, text } from '../model.ts';
import { numberOf, required } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import type { GraphBuilder } from '../graph-builder.ts';

export const linear: Readonly<Record<string, LayerWriter>> = {
  Identity: (_layer, x) => x,
  Scale: (layer, x) => layer.graph.node('Mul', [x, layer.graph.number(numberOf(layer, 'factor'))]),
  Linear(layer, x) {
    const { graph, resolved } = layer;
    const bias = layer.weight('bias');
    if (resolved.input.length === 1) {
      return graph.node('Gemm', [x, required(layer, 'weight'), ...(bias === undefined ? [] : [bias])], {
        transB: int(1),
      });
    }
    return product(graph, x, required(layer, 'weight'), bias);
  },
  Bilinear(layer, x, y = x) {
    const { graph, resolved } = layer;
    const between = 'bcdefgh'.slice(0, resolved.input.length - 1);
    const made = graph.node('Einsum', [x, required(layer, 'weight'), y], {
      equation: text(`a${between}i,oij,a${between}j->a${between}o`),
    });
    return added(layer, made);
  },
};

/** x·Wᵀ + b over the last dimension; W as PyTorch has it, [out, in]. */
export function product(graph: GraphBuilder, x: string, weight: string, bias: string | undefined): string {
  const made = graph.node('MatMul', [x, graph.transpose(weight, [1, 0])]);
  return bias === undefined ? made : graph.node('Add', [made, bias]);
}

function added(layer: LayerToWrite, x: string): string {
  const bias = layer.weight('bias');
  return bias === undefined ? x : layer.graph.node('Add', [x, bias]);
}

import { numberOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';

/** Norms over channels beside one another: ONNX's LRN has other neighbours where their number is even. */
export const neighbouringNorms: Readonly<Record<string, LayerWriter>> = {
  LocalResponseNorm(layer, x) {
    const size = numberOf(layer, 'size');
    const before = Math.floor(size / 2);
    return divided(layer, x, (own, other) => other >= own - before && other < own - before + size);
  },
  CrossMapLRN2d(layer, x) {
    const half = Math.floor((numberOf(layer, 'size') - 1) / 2) + 1;
    // The first channel is in every sum: PyTorch's running sum never takes it out (torch/nn/modules/_functions.py).
    return divided(layer, x, (own, other) => other < own + half && (other > own - half || own <= half || other === 0));
  },
};

/** x / (k + alpha / size · sum of the squares of neighbours)^beta */
function divided(layer: LayerToWrite, x: string, isNeighbour: (own: number, other: number) => boolean): string {
  const { graph, resolved } = layer;
  const channels = resolved.input[0]!;
  const factor = numberOf(layer, 'alpha') / numberOf(layer, 'size');
  const weights = Array.from({ length: channels ** 2 }, (_, index) =>
    isNeighbour(Math.floor(index / channels), index % channels) ? factor : 0,
  );
  const squares = graph.reshape(graph.node('Mul', [x, x]), [channels, -1]);
  const sums = graph.reshape(
    graph.node('MatMul', [graph.floats([channels, channels], weights), squares]),
    resolved.input,
  );
  const scale = graph.node('Add', [sums, graph.number(numberOf(layer, 'k'))]);
  return graph.node('Div', [x, graph.node('Pow', [scale, graph.number(numberOf(layer, 'beta'))])]);
}

import { elementCount } from '../../../catalogue/shape.ts';
import { int, text } from '../model.ts';
import { axisOf, listOf, numberOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';

export const reshape: Readonly<Record<string, LayerWriter>> = {
  Flatten: inOutputShape,
  Unflatten: inOutputShape,
  Reshape: inOutputShape,
  Squeeze: inOutputShape,
  Unsqueeze: inOutputShape,
  Permute: (layer, x) => layer.graph.transpose(x, listOf(layer, 'dims')),
  Transpose(layer, x) {
    const rank = layer.resolved.input.length;
    const order = Array.from({ length: rank + 1 }, (_, index) => index);
    const [one, other] = [axisOf(numberOf(layer, 'dim0'), rank), axisOf(numberOf(layer, 'dim1'), rank)];
    return layer.graph.transpose(x, order.with(one, other).with(other, one));
  },
  Select(layer, x) {
    const axis = axisOf(numberOf(layer, 'dim'), layer.resolved.input.length);
    return layer.graph.node('Gather', [x, layer.graph.index(numberOf(layer, 'index'))], { axis: int(axis) });
  },
  IndexSelect(layer, x) {
    const axis = axisOf(numberOf(layer, 'dim'), layer.resolved.input.length);
    return layer.graph.node('Gather', [x, layer.graph.ints(listOf(layer, 'index'))], { axis: int(axis) });
  },
  Expand({ graph, resolved }, x) {
    const added = resolved.output.length - resolved.input.length;
    const rows = added === 0 ? x : graph.reshape(x, [...new Array<number>(added).fill(1), ...resolved.input]);
    return graph.node('Expand', [rows, graph.ints([1, ...resolved.output])]);
  },
  PixelShuffle: (layer, x) =>
    layer.graph.node('DepthToSpace', [x], { blocksize: int(numberOf(layer, 'upscale_factor')), mode: text('CRD') }),
  PixelUnshuffle(layer, x) {
    const { graph, resolved } = layer;
    const factor = numberOf(layer, 'downscale_factor');
    const [channels, height, width] = resolved.input;
    const squares = graph.reshape(x, [channels!, height! / factor, factor, width! / factor, factor]);
    return graph.reshape(graph.transpose(squares, [0, 1, 3, 5, 2, 4]), resolved.output);
  },
  ChannelShuffle(layer, x) {
    const { graph, resolved } = layer;
    const groups = numberOf(layer, 'groups');
    const [channels, ...behind] = resolved.input;
    const dealt = graph.reshape(x, [groups, channels! / groups, elementCount(behind)]);
    return graph.reshape(graph.transpose(dealt, [0, 2, 1, 3]), resolved.output);
  },
};

function inOutputShape({ graph, resolved }: LayerToWrite, x: string): string {
  return graph.reshape(x, resolved.output);
}

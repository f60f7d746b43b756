import { int, ints } from '../model.ts';
import { listOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { padEnds } from './padding.ts';

export const patches: Readonly<Record<string, LayerWriter>> = {
  Unfold(layer, x) {
    const { graph, resolved } = layer;
    const padding = listOf(layer, 'padding');
    const isPadded = padding.some((added) => added > 0);
    const padded = isPadded ? padEnds(graph, x, { before: padding, after: padding }, 'constant') : x;
    const rows = graph.node('Gather', [padded, placesAlong(layer, 0)], { axis: int(2) });
    const cells = graph.node('Gather', [rows, placesAlong(layer, 1)], { axis: int(4) });
    // [batch, channels, kernel row, row, kernel column, column]
    return graph.reshape(graph.transpose(cells, [0, 1, 2, 4, 3, 5]), resolved.output);
  },
  Fold(layer, x) {
    const { graph } = layer;
    const padding = listOf(layer, 'padding');
    const sizes = [graph.ints(listOf(layer, 'output_size')), graph.ints(listOf(layer, 'kernel_size'))];
    return graph.node('Col2Im', [x, ...sizes], {
      dilations: ints(listOf(layer, 'dilation')),
      pads: ints([...padding, ...padding]),
      strides: ints(listOf(layer, 'stride')),
    });
  },
};

/** Where in the padded image each element of the patches lies: [kernel, patches along this side]. */
function placesAlong(layer: LayerToWrite, side: number): string {
  const at = (option: string) => listOf(layer, option)[side]!;
  const [kernel, dilation, stride] = [at('kernel_size'), at('dilation'), at('stride')];
  const size = layer.resolved.input[side + 1]! + 2 * at('padding');
  const count = Math.floor((size - dilation * (kernel - 1) - 1) / stride) + 1;
  const places = Array.from(
    { length: kernel * count },
    (_, index) => Math.floor(index / count) * dilation + (index % count) * stride,
  );
  return layer.graph.indices([kernel, count], places);
}

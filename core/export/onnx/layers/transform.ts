import { listOf, numberOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { padLast } from './padding.ts';

const nothing: LayerWriter = (_layer, x) => x;

/** What is random while training passes its input on. */
export const transform: Readonly<Record<string, LayerWriter>> = {
  Dropout: nothing,
  Dropout1d: nothing,
  Dropout2d: nothing,
  Dropout3d: nothing,
  DropPath: nothing,
  AlphaDropout: nothing,
  FeatureAlphaDropout: nothing,
  RandomFlip: nothing,
  Cutout: nothing,
  RandomCrop: cropMiddle,
  ZScore(layer, x) {
    const { graph } = layer;
    const centred = graph.node('Sub', [x, eachChannel(layer, 'mean')]);
    return graph.node('Div', [centred, eachChannel(layer, 'std')]);
  },
};

function eachChannel(layer: LayerToWrite, option: string): string {
  const list = listOf(layer, option);
  if (list.length === 1) return layer.graph.number(list[0]!);
  return layer.graph.floats([list.length, ...layer.resolved.input.slice(1).map(() => 1)], list);
}

/** The window over the middle of the image, as far as the padding reaches. */
function cropMiddle(layer: LayerToWrite, x: string): string {
  const { graph, resolved, options } = layer;
  const padding = listOf(layer, 'padding');
  const isPadded = padding.some((added) => added > 0);
  const mode = options['mode'] as string;
  const padded = isPadded ? padLast(graph, x, 3, padding, mode, numberOf(layer, 'value')) : x;
  const windows = [0, 1].map((side) => {
    const [size, wanted] = [resolved.input[side + 1]!, resolved.output[side + 1]!];
    const [before, after] = [padding[2 - 2 * side]!, padding[3 - 2 * side]!];
    const start = before + Math.floor((size - wanted) / 2);
    return { start: Math.min(Math.max(start, 0), before + size + after - wanted), wanted };
  });
  const starts = windows.map(({ start }) => start);
  const ends = windows.map(({ start, wanted }) => start + wanted);
  return graph.node('Slice', [padded, graph.ints(starts), graph.ints(ends), graph.ints([2, 3])]);
}

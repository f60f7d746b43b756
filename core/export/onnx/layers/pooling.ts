import { elementCount } from '../../../catalogue/shape.ts';
import { int, ints } from '../model.ts';
import { isSet, listOf, numberOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import type { Ends } from './convolution.ts';
import { padEnds } from './padding.ts';

export const pooling: Readonly<Record<string, LayerWriter>> = {
  MaxPool1d: maxPool,
  MaxPool2d: maxPool,
  MaxPool3d: maxPool,
  AvgPool1d: averagePool,
  AvgPool2d: averagePool,
  AvgPool3d: averagePool,
  LPPool1d: powerPool,
  LPPool2d: powerPool,
};

function maxPool(layer: LayerToWrite, x: string): string {
  const { graph } = layer;
  const padding = listOf(layer, 'padding');
  const ends = endsFor(layer, padding);
  const attributes = { ...windowOf(layer), dilations: ints(listOf(layer, 'dilation')) };
  const kernel = listOf(layer, 'kernel_size');
  // ORT pads by less than a window.
  if (ends.after.every((count, side) => count < kernel[side]!)) {
    return graph.node('MaxPool', [x], { ...attributes, pads: ints([...ends.before, ...ends.after]) });
  }
  return graph.node('MaxPool', [padEnds(graph, x, ends, 'constant', -Infinity)], attributes);
}

function averagePool(layer: LayerToWrite, x: string): string {
  const padding = listOf(layer, 'padding');
  const { graph } = layer;
  const divisor = layer.options['divisor_override'] ?? null;
  if (divisor === null) return average(layer, x, padding, isSet(layer, 'count_include_pad'));
  // The sum of the window, zeros around the image included.
  const padded = padEnds(graph, x, endsFor(layer, padding), 'constant');
  const means = graph.node('AveragePool', [padded], windowOf(layer));
  return graph.node('Mul', [means, graph.number(elementCount(listOf(layer, 'kernel_size')) / Number(divisor))]);
}

/**
 * The means of windows. What libtorch counts: the padding on demand, but never what lies behind it where, with
 * ceil_mode, a window stands out.
 */
function average(layer: LayerToWrite, x: string, padding: readonly number[], countsPadding: boolean): string {
  const { graph } = layer;
  const ends = endsFor(layer, padding);
  const standsOut = ends.after.some((count, side) => count > padding[side]!);
  if (countsPadding && standsOut && padding.some((count) => count > 0)) {
    const padded = padEnds(graph, x, { before: padding, after: padding }, 'constant');
    const after = ends.after.map((count, side) => Math.max(0, count - padding[side]!));
    return graph.node('AveragePool', [padded], {
      ...windowOf(layer),
      pads: ints([...padding.map(() => 0), ...after]),
      count_include_pad: int(0),
    });
  }
  return graph.node('AveragePool', [x], {
    ...windowOf(layer),
    pads: ints([...ends.before, ...ends.after]),
    count_include_pad: int(countsPadding && !standsOut ? 1 : 0),
  });
}

/** (sum of xᵖ over the window)^(1/p), in the steps of torch.nn.functional.lp_pool2d. */
function powerPool(layer: LayerToWrite, x: string): string {
  const { graph } = layer;
  const power = numberOf(layer, 'norm_type');
  const kernel = listOf(layer, 'kernel_size');
  const means = average(
    layer,
    graph.node('Pow', [x, graph.number(power)]),
    kernel.map(() => 0),
    true,
  );
  const positive = graph.node('Mul', [graph.node('Sign', [means]), graph.node('Relu', [graph.node('Abs', [means])])]);
  const sums = graph.node('Mul', [positive, graph.number(elementCount(kernel))]);
  return graph.node('Pow', [sums, graph.number(1 / power)]);
}

function windowOf(layer: LayerToWrite) {
  return { kernel_shape: ints(listOf(layer, 'kernel_size')), strides: ints(listOf(layer, 'stride')) };
}

/** Padding with which windows are counted as libtorch counts them, without ceil_mode, of which runtimes think differently. */
function endsFor({ resolved, options }: LayerToWrite, padding: readonly number[]): Ends {
  const kernel = options['kernel_size'] as readonly number[];
  const stride = options['stride'] as readonly number[];
  const dilation = options['dilation'] as readonly number[] | undefined;
  const after = kernel.map((size, side) => {
    const reach = (dilation?.[side] ?? 1) * (size - 1) + 1;
    const needed = (resolved.output[side + 1]! - 1) * stride[side]! + reach;
    return Math.max(padding[side]!, needed - resolved.input[side + 1]! - padding[side]!);
  });
  return { before: padding, after };
}

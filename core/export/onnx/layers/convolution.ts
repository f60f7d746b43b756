import { int, ints } from '../model.ts';
import { listOf, numberOf, required } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { padEnds } from './padding.ts';

export const convolution: Readonly<Record<string, LayerWriter>> = {
  Conv1d: convolve,
  Conv2d: convolve,
  Conv3d: convolve,
  ConvTranspose1d: convolveTransposed,
  ConvTranspose2d: convolveTransposed,
  ConvTranspose3d: convolveTransposed,
};

function convolve(layer: LayerToWrite, x: string): string {
  const { graph, options } = layer;
  const ends = paddingOf(layer);
  const mode = options['padding_mode'] as string;
  const isPadded = mode !== 'zeros' && [...ends.before, ...ends.after].some((added) => added > 0);
  const padded = isPadded ? padEnds(graph, x, ends, mode) : x;
  const pads = isPadded ? ends.before.map(() => 0).concat(ends.after.map(() => 0)) : [...ends.before, ...ends.after];
  return graph.node('Conv', [padded, ...weights(layer)], { ...filters(layer), pads: ints(pads) });
}

function convolveTransposed(layer: LayerToWrite, x: string): string {
  const cut = listOf(layer, 'padding');
  return layer.graph.node('ConvTranspose', [x, ...weights(layer)], {
    ...filters(layer),
    pads: ints([...cut, ...cut]),
    output_padding: ints(listOf(layer, 'output_padding')),
  });
}

function filters(layer: LayerToWrite) {
  return {
    kernel_shape: ints(listOf(layer, 'kernel_size')),
    strides: ints(listOf(layer, 'stride')),
    dilations: ints(listOf(layer, 'dilation')),
    group: int(numberOf(layer, 'groups')),
  };
}

function weights(layer: LayerToWrite): readonly string[] {
  const bias = layer.weight('bias');
  return bias === undefined ? [required(layer, 'weight')] : [required(layer, 'weight'), bias];
}

export interface Ends {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Where "same" needs an odd number, the extra element comes after. */
function paddingOf(layer: LayerToWrite): Ends {
  const written = layer.options['padding'];
  const kernel = listOf(layer, 'kernel_size');
  const dilation = listOf(layer, 'dilation');
  if (written === 'valid') return { before: kernel.map(() => 0), after: kernel.map(() => 0) };
  if (written === 'same') {
    const whole = kernel.map((size, side) => dilation[side]! * (size - 1));
    return { before: whole.map((count) => Math.floor(count / 2)), after: whole.map((count) => Math.ceil(count / 2)) };
  }
  const both = written as readonly number[];
  return { before: both, after: both };
}

import { channelsAnd } from './image.ts';
import { layer } from './layer-type.ts';
import { boolean, integer, number, optional } from './option.ts';
import { refuse } from './refusal.ts';
import type { Dimensions, Shape } from './shape.ts';
import { windowOptions } from './window-options.ts';

interface Window {
  readonly kernel_size: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
  readonly ceil_mode: boolean;
}

const ceilMode = boolean('Also uses windows that reach over the edge.', false);

export const pooling = [
  ...([2, 1, 3] as const).flatMap((dimensions) => [maxPool(dimensions), averagePool(dimensions)]),
  ...([2, 1, 3] as const).flatMap((dimensions) => [
    adaptivePool(dimensions, 'Avg', 'Means over', 'the mean of everything'),
    adaptivePool(dimensions, 'Max', 'Largest values of', 'the largest of all'),
  ]),
  powerPool(2),
  powerPool(1),
];

function maxPool(dimensions: Dimensions) {
  const { sizes, dilation } = windowOptions(dimensions);
  return layer({
    name: `MaxPool${dimensions}d`,
    family: 'pooling',
    help: 'Keeps the largest value of each window.',
    begin: { kernel_size: 2 },
    options: {
      ...windowOf(dimensions),
      padding: sizes('Pixels added on every side; they are never the maximum.', { minimum: 0, default: 0 }),
      dilation: dilation('Distance between the pixels of a window.'),
      ceil_mode: ceilMode,
    },
    output: (window, input) => pooled(dimensions, window, input),
  });
}

function averagePool(dimensions: Dimensions) {
  const { sizes } = windowOptions(dimensions);
  return layer({
    name: `AvgPool${dimensions}d`,
    family: 'pooling',
    help: 'Takes the mean of each window.',
    begin: { kernel_size: 2 },
    options: {
      ...windowOf(dimensions),
      padding: sizes('Zero pixels added on every side.', { minimum: 0, default: 0 }),
      ceil_mode: ceilMode,
      count_include_pad: boolean('Counts the added zeros in the mean.', true),
      // PyTorch's AvgPool1d has none.
      ...(dimensions === 1
        ? {}
        : {
            divisor_override: optional(
              integer('Divides the sum of each window by this instead of its number of elements.', { minimum: 1 }),
            ),
          }),
    },
    output(window, input) {
      if (dimensions === 3) refuseSmallVolume(window, input);
      return pooled(dimensions, window, input);
    },
  });
}

function adaptivePool(dimensions: Dimensions, kind: 'Avg' | 'Max', what: string, whole: string) {
  const { extent, kernel } = windowOptions(dimensions);
  return layer({
    name: `Adaptive${kind}Pool${dimensions}d`,
    family: 'pooling',
    help: `${what} windows chosen so that the output has the given size; size 1 is ${whole}.`,
    begin: { output_size: 1 },
    options: { output_size: kernel(`${extent} of the output, whatever the size of the input.`) },
    output: ({ output_size }, input) => [channelsAnd(dimensions, input).channels, ...output_size],
  });
}

function powerPool(dimensions: 1 | 2) {
  return layer({
    name: `LPPool${dimensions}d`,
    family: 'pooling',
    help: 'Takes the p-th root of the sum of the p-th powers of each window. The larger p, the closer the result is to the maximum.',
    begin: { norm_type: 2, kernel_size: 2 },
    options: { norm_type: number('Exponent p.', {}), ...windowOf(dimensions), ceil_mode: ceilMode },
    output(options, input) {
      if (options.norm_type === 0) refuse('needs a norm_type other than 0', 'norm_type');
      return pooled(dimensions, { ...options, padding: options.kernel_size.map(() => 0) }, input);
    },
  });
}

function windowOf(dimensions: Dimensions) {
  const { extent, sizes, kernel } = windowOptions(dimensions);
  return {
    kernel_size: kernel(`${extent} of the window.`),
    stride: sizes('Step between two windows. Leave empty to use the size of the window.', {
      minimum: 1,
      sameAs: 'kernel_size',
    }),
  };
}

/** libtorch's avg_pool3d wants the window to fit in without the padding; its siblings do not. */
function refuseSmallVolume({ kernel_size }: Window, input: Shape): void {
  channelsAnd(3, input).sizes.forEach((size, side) => {
    if (size < kernel_size[side]!) {
      refuse(
        `has a window of ${kernel_size[side]} elements, but the input has only ${size} without its padding`,
        'kernel_size',
      );
    }
  });
}

function pooled(dimensions: Dimensions, window: Window, input: Shape): Shape {
  const { channels, sizes } = channelsAnd(dimensions, input);
  return [channels, ...sizes.map((size, side) => pooledSize(window, side, size))];
}

/** As libtorch counts (aten/src/ATen/native/Pool.h): with ceil_mode the last window must begin inside the image or its padding before. */
function pooledSize(window: Window, side: number, size: number): number {
  const kernel = window.kernel_size[side]!;
  const added = window.padding[side]!;
  const step = window.stride[side]!;
  const reach = (window.dilation?.[side] ?? 1) * (kernel - 1) + 1;
  if (added > Math.floor(kernel / 2))
    refuse(`can be padded by at most half its window of ${kernel}, not ${added}`, 'padding');
  const room = size + 2 * added - reach;
  let count = Math.floor((room + (window.ceil_mode ? step - 1 : 0)) / step) + 1;
  if (window.ceil_mode && (count - 1) * step >= size + added) count -= 1;
  if (count < 1) {
    refuse(`has a window of ${reach} pixels, but the padded input has only ${size + 2 * added}`, 'kernel_size');
  }
  if (window.dilation !== undefined) refuseWindowsBesideTheImage(window, side, size, count);
  return count;
}

/**
 * A window that begins in the padding and, by its dilation, steps over the whole image. libtorch makes -infinity of
 * it, and its backward pass then writes outside of its memory.
 */
function refuseWindowsBesideTheImage(window: Window, side: number, size: number, count: number): void {
  const dilation = window.dilation?.[side] ?? 1;
  for (let index = 0; index < count; index++) {
    const start = index * window.stride[side]! - window.padding[side]!;
    if (start >= 0) return;
    if (start + Math.ceil(-start / dilation) * dilation >= size) {
      refuse(`has a window that touches no pixel: its dilation of ${dilation} steps over all ${size}`, 'dilation');
    }
  }
}

import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import { boolean, pair } from './option.ts';
import { refuse } from './refusal.ts';
import type { Pair, Shape } from './shape.ts';

interface Window {
  readonly kernel_size: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation?: Pair;
  readonly ceil_mode: boolean;
}

const kernelSize = pair('Height and width of the window.', { minimum: 1 });
const stride = pair('Step between two windows; the window itself where not given.', {
  minimum: 1,
  sameAs: 'kernel_size',
});
const ceilMode = boolean('Also takes windows that stand out over the edge.', false);
const outputSize = pair('Height and width of the output, whatever the input has.', { minimum: 1 });

export const pooling = [
  layer({
    name: 'MaxPool2d',
    family: 'pooling',
    help: 'Keeps the largest value of each window.',
    options: {
      kernel_size: kernelSize,
      stride,
      padding: pair('Pixels added on every side; they never win.', { minimum: 0, default: [0, 0] }),
      dilation: pair('Distance between the pixels of a window.', { minimum: 1, default: [1, 1] }),
      ceil_mode: ceilMode,
    },
    output: pooled,
  }),
  layer({
    name: 'AvgPool2d',
    family: 'pooling',
    help: 'Takes the mean of each window.',
    options: {
      kernel_size: kernelSize,
      stride,
      padding: pair('Zero pixels added on every side.', { minimum: 0, default: [0, 0] }),
      ceil_mode: ceilMode,
      count_include_pad: boolean('Counts the added zeros in the mean.', true),
    },
    output: pooled,
  }),
  layer({
    name: 'AdaptiveAvgPool2d',
    family: 'pooling',
    help: 'Means over windows chosen so that the output has the given size; size 1 is the mean of the whole image.',
    options: { output_size: outputSize },
    output: ({ output_size }, input) => [imageSizes(input)[0], ...output_size],
  }),
  layer({
    name: 'AdaptiveMaxPool2d',
    family: 'pooling',
    help: 'Largest values of windows chosen so that the output has the given size; size 1 is that of the whole image.',
    options: { output_size: outputSize },
    output: ({ output_size }, input) => [imageSizes(input)[0], ...output_size],
  }),
];

function pooled(window: Window, input: Shape): Shape {
  const [channels, height, width] = imageSizes(input);
  return [channels, pooledSize(window, 0, height), pooledSize(window, 1, width)];
}

/** As libtorch counts (aten/src/ATen/native/Pool.h): with ceil_mode the last window must begin inside the image or its padding before. */
function pooledSize(window: Window, side: 0 | 1, size: number): number {
  const kernel = window.kernel_size[side];
  const added = window.padding[side];
  const step = window.stride[side];
  const reach = (window.dilation?.[side] ?? 1) * (kernel - 1) + 1;
  if (added > Math.floor(kernel / 2))
    refuse(`can be padded by at most half its window of ${kernel}, not ${added}`, 'padding');
  const room = size + 2 * added - reach;
  let count = Math.floor((room + (window.ceil_mode ? step - 1 : 0)) / step) + 1;
  if (window.ceil_mode && (count - 1) * step >= size + added) count -= 1;
  if (count < 1) {
    refuse(`has a window of ${reach} pixels, the padded input has only ${size + 2 * added}`, 'kernel_size');
  }
  if (window.dilation !== undefined) refuseWindowsBesideTheImage(window, side, size, count);
  return count;
}

/**
 * A window that begins in the padding and, by its dilation, steps over the whole image. libtorch makes -infinity of
 * it, and its backward pass then writes outside of its memory.
 */
function refuseWindowsBesideTheImage(window: Window, side: 0 | 1, size: number, count: number): void {
  const dilation = window.dilation?.[side] ?? 1;
  for (let index = 0; index < count; index++) {
    const start = index * window.stride[side] - window.padding[side];
    if (start >= 0) return;
    if (start + Math.ceil(-start / dilation) * dilation >= size) {
      refuse(`has a window that touches no pixel: its dilation of ${dilation} steps over all ${size}`, 'dilation');
    }
  }
}

import { channelsAnd } from './image.ts';
import { layer } from './layer-type.ts';
import type { ParameterDeclaration } from './layer-type.ts';
import { boolean, choice, integer, padding } from './option.ts';
import { refuse } from './refusal.ts';
import { elementCount } from './shape.ts';
import type { Dimensions, Pair, Shape } from './shape.ts';
import { windowOptions } from './window-options.ts';

type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

interface Filters {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly kernel_size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly bias: boolean;
}

interface Convolution extends Filters {
  readonly padding: readonly number[] | 'same' | 'valid';
  readonly padding_mode: PaddingMode;
}

interface Transposed extends Filters {
  readonly padding: readonly number[];
  readonly output_padding: readonly number[];
}

const slides = {
  1: 'Slides small learned filters along the sequence; every filter makes one output channel.',
  2: 'Slides small learned filters over the image; every filter makes one output channel.',
  3: 'Slides small learned filters through the volume; every filter makes one output channel.',
} as const;

const inChannels = integer('Channels of the input.', {
  minimum: 1,
  infer: (input) => input[0] ?? refuse('expects channels but receives none'),
});
const outChannels = integer('Number of filters: channels of the output.', { minimum: 1 });
const groups = integer('Number of groups of channels that are convolved separately.', { minimum: 1, default: 1 });
const bias = boolean('Adds a learned bias to every output channel.', true);

export const convolution = [
  convolve(2),
  convolve(1),
  convolve(3),
  convolveTransposed(2),
  convolveTransposed(1),
  convolveTransposed(3),
];

function convolve(dimensions: Dimensions) {
  const { extent, kernel, stride, dilation } = windowOptions(dimensions);
  return layer({
    name: `Conv${dimensions}d`,
    family: 'convolution',
    help: slides[dimensions],
    begin: { out_channels: 64, kernel_size: 3, padding: 1 },
    options: {
      in_channels: inChannels,
      out_channels: outChannels,
      kernel_size: kernel(`${extent} of the filters.`),
      stride: stride('Step between two positions of the filter.'),
      padding: padding('Pixels added on every side; "same" keeps the size, "valid" adds none.', dimensions),
      dilation: dilation('Distance between neighbouring filter weights.'),
      groups,
      bias,
      padding_mode: choice(
        'Value of the padding: zeros, the mirrored image, the repeated edge, or the opposite side.',
        ['zeros', 'reflect', 'replicate', 'circular'],
        'zeros',
      ),
    },
    output(options, input) {
      const { channels, sizes } = channelsAnd(dimensions, input);
      refuseOtherChannels(options, channels);
      if (options.padding === 'same' && options.stride.some((step) => step !== 1)) {
        refuse('can keep the size (padding "same") only at stride 1', 'padding');
      }
      return [options.out_channels, ...sizes.map((size, side) => convolvedSize(options, side, size))];
    },
    parameters: (options) =>
      weightAndBias(options, [options.out_channels, options.in_channels / options.groups, ...options.kernel_size]),
    multiplyAdds: ({ in_channels, kernel_size, groups }, _input, output) =>
      elementCount(output) * (in_channels / groups) * elementCount(kernel_size),
  });
}

function convolveTransposed(dimensions: Dimensions) {
  const { extent, sizes, kernel, stride, dilation } = windowOptions(dimensions);
  return layer({
    name: `ConvTranspose${dimensions}d`,
    family: 'convolution',
    help: 'Transposed convolution: spreads learned filters around every element, which enlarges the input by the stride.',
    begin: { out_channels: 64, kernel_size: 2, stride: 2 },
    options: {
      in_channels: inChannels,
      out_channels: outChannels,
      kernel_size: kernel(`${extent} of the filters.`),
      stride: stride(
        'Step between the filters of two neighbouring elements: the factor by which the output is larger.',
      ),
      padding: sizes('Elements cut from every side of the output.', { minimum: 0, default: 0 }),
      output_padding: sizes('Elements added to the end of the output, as a stride above 1 allows several sizes.', {
        minimum: 0,
        default: 0,
      }),
      groups,
      bias,
      dilation: dilation('Distance between neighbouring filter weights.'),
    },
    output(options, input) {
      const { channels, sizes } = channelsAnd(dimensions, input);
      refuseOtherChannels(options, channels);
      return [options.out_channels, ...sizes.map((size, side) => transposedSize(options, side, size))];
    },
    parameters: (options) =>
      weightAndBias(options, [options.in_channels, options.out_channels / options.groups, ...options.kernel_size]),
    multiplyAdds: ({ out_channels, kernel_size, groups }, input) =>
      elementCount(input) * (out_channels / groups) * elementCount(kernel_size),
  });
}

function refuseOtherChannels({ in_channels, out_channels, groups }: Filters, channels: number): void {
  if (channels !== in_channels) refuse(`expects ${in_channels} channels but receives ${channels}`, 'in_channels');
  if (in_channels % groups !== 0) refuse(`cannot split ${in_channels} input channels into ${groups} groups`, 'groups');
  if (out_channels % groups !== 0) {
    refuse(`cannot split ${out_channels} output channels into ${groups} groups`, 'groups');
  }
}

function weightAndBias({ out_channels, bias }: Filters, shape: Shape): readonly ParameterDeclaration[] {
  const weight: ParameterDeclaration = { name: 'weight', shape, kind: 'weight' };
  return bias ? [weight, { name: 'bias', shape: [out_channels], kind: 'bias' }] : [weight];
}

function convolvedSize(options: Convolution, side: number, size: number): number {
  const reach = reachOf(options, side);
  const [before, after] = paddingOf(options.padding, side, reach);
  refuseImpossiblePadding(options.padding_mode, Math.max(before, after), size);
  const room = size + before + after - reach;
  if (room < 0) {
    refuse(`has a filter that spans ${reach} pixels, but the padded input has only ${room + reach}`, 'kernel_size');
  }
  return Math.floor(room / options.stride[side]!) + 1;
}

function transposedSize(options: Transposed, side: number, size: number): number {
  const [stride, dilation, added] = [options.stride[side]!, options.dilation[side]!, options.output_padding[side]!];
  if (added >= Math.max(stride, dilation)) {
    refuse(`needs an output_padding below its stride or its dilation, not ${added}`, 'output_padding');
  }
  const output = (size - 1) * stride - 2 * options.padding[side]! + reachOf(options, side) + added;
  if (output < 1) refuse(`cuts ${options.padding[side]} from every side, which leaves nothing`, 'padding');
  return output;
}

function reachOf({ dilation, kernel_size }: Filters, side: number): number {
  return dilation[side]! * (kernel_size[side]! - 1) + 1;
}

/** Pixels before and after; where "same" needs an odd number, the extra one comes after. */
function paddingOf(written: Convolution['padding'], side: number, reach: number): Pair {
  if (written === 'valid') return [0, 0];
  if (written === 'same') return [Math.floor((reach - 1) / 2), Math.ceil((reach - 1) / 2)];
  return [written[side]!, written[side]!];
}

function refuseImpossiblePadding(mode: PaddingMode, added: number, size: number): void {
  if (mode === 'reflect' && added >= size)
    refuse(`can mirror at most ${size - 1} of ${size} pixels, not ${added}`, 'padding');
  if (mode === 'circular' && added > size) refuse(`can wrap around at most ${size} pixels, not ${added}`, 'padding');
}

import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import type { ParameterDeclaration } from './layer-type.ts';
import { boolean, choice, integer, padding, pair } from './option.ts';
import { refuse } from './refusal.ts';
import { elementCount } from './shape.ts';
import type { Pair } from './shape.ts';

type Padding = Pair | 'same' | 'valid';
type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

export const convolution = [
  layer({
    name: 'Conv2d',
    family: 'convolution',
    help: 'Slides small learned filters over the image; every filter makes one output channel.',
    options: {
      in_channels: integer('Channels of the input.', { minimum: 1, infer: (input) => imageSizes(input)[0] }),
      out_channels: integer('Number of filters: channels of the output.', { minimum: 1 }),
      kernel_size: pair('Height and width of the filters.', { minimum: 1 }),
      stride: pair('Step between two positions of the filter.', { minimum: 1, default: [1, 1] }),
      padding: padding('Pixels added on every side; "same" keeps the size, "valid" adds none.'),
      dilation: pair('Distance between neighbouring filter weights.', { minimum: 1, default: [1, 1] }),
      groups: integer('Splits the channels into groups that do not see each other.', { minimum: 1, default: 1 }),
      bias: boolean('Adds a learned constant to every output channel.', true),
      padding_mode: choice(
        'What the added pixels hold: zeros, the image mirrored, its edge repeated, or its other side.',
        ['zeros', 'reflect', 'replicate', 'circular'],
        'zeros',
      ),
    },
    output(options, input) {
      const [channels, ...size] = imageSizes(input);
      const { in_channels, out_channels, groups, padding_mode } = options;
      if (channels !== in_channels) refuse(`expects ${in_channels} channels, gets ${channels}`, 'in_channels');
      if (in_channels % groups !== 0)
        refuse(`cannot split ${in_channels} input channels into ${groups} groups`, 'groups');
      if (out_channels % groups !== 0)
        refuse(`cannot split ${out_channels} output channels into ${groups} groups`, 'groups');
      if (options.padding === 'same' && (options.stride[0] !== 1 || options.stride[1] !== 1)) {
        refuse('can keep the size (padding "same") only at stride 1', 'padding');
      }
      const [height, width] = ([0, 1] as const).map((side) => {
        const reach = options.dilation[side] * (options.kernel_size[side] - 1) + 1;
        const [before, after] = paddingOf(options.padding, side, reach);
        refuseImpossiblePadding(padding_mode, Math.max(before, after), size[side]);
        const room = size[side] + before + after - reach;
        if (room < 0) {
          refuse(
            `has a filter that reaches over ${reach} pixels, the padded input has only ${room + reach}`,
            'kernel_size',
          );
        }
        return Math.floor(room / options.stride[side]) + 1;
      });
      return [out_channels, height!, width!];
    },
    parameters({ in_channels, out_channels, kernel_size, groups, bias }) {
      const shape = [out_channels, in_channels / groups, ...kernel_size];
      const weight: ParameterDeclaration = { name: 'weight', shape, kind: 'weight' };
      return bias ? [weight, { name: 'bias', shape: [out_channels], kind: 'bias' }] : [weight];
    },
    multiplyAdds: ({ in_channels, kernel_size, groups }, _input, output) =>
      elementCount(output) * (in_channels / groups) * kernel_size[0] * kernel_size[1],
  }),
];

/** Pixels before and after; where "same" needs an odd number, the extra one comes after. */
function paddingOf(written: Padding, side: 0 | 1, reach: number): Pair {
  if (written === 'valid') return [0, 0];
  if (written === 'same') return [Math.floor((reach - 1) / 2), Math.ceil((reach - 1) / 2)];
  return [written[side], written[side]];
}

function refuseImpossiblePadding(mode: PaddingMode, added: number, size: number): void {
  if (mode === 'reflect' && added >= size)
    refuse(`can mirror at most ${size - 1} of ${size} pixels, not ${added}`, 'padding');
  if (mode === 'circular' && added > size) refuse(`can wrap around at most ${size} pixels, not ${added}`, 'padding');
}

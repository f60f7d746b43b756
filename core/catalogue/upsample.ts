import { layer } from './layer-type.ts';
import { boolean, choice, integers, numbers, optional } from './option.ts';
import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';
import type { Shape } from './shape.ts';

/** Dimensions beside the channels that each way of filling in takes. */
const ranks = {
  nearest: [1, 2, 3],
  'nearest-exact': [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
  area: [1, 2, 3],
} as const;

type Mode = keyof typeof ranks;

const options = {
  scale_factor: optional(
    numbers('Factor by which each side becomes larger; one number applies to all sides.', { minimum: 0 }),
  ),
  size: optional(
    integers('Size of the output, instead of a factor; one number applies to all sides.', 1, { isOneForAll: true }),
  ),
  mode: choice(
    'Interpolation of new pixels: nearest, linear or cubic between neighbours, or the mean of an area.',
    Object.keys(ranks) as Mode[],
    'nearest',
  ),
  align_corners: boolean('Aligns the corner pixels, for linear and cubic modes only.', false),
  recompute_scale_factor: boolean('Recomputes the factor from the rounded sizes.', false),
};

export const upsample = [
  layer({
    name: 'Upsample',
    family: 'shape',
    help: 'Makes the image larger, or smaller, without learning.',
    begin: { scale_factor: 2 },
    options,
    output: resized,
  }),
  layer({
    name: 'Interpolate',
    family: 'shape',
    help: 'Upsample with everything torch.nn.functional.interpolate can do.',
    begin: { scale_factor: 2 },
    options: {
      ...options,
      antialias: boolean('Antialiasing when shrinking, for bilinear and bicubic only.', false),
    },
    output({ antialias, ...options }, input) {
      if (antialias && options.mode !== 'bilinear' && options.mode !== 'bicubic') {
        refuse(`cannot antialias with "${options.mode}", only with bilinear or bicubic`, 'antialias');
      }
      return resized(options, input);
    },
  }),
];

interface Resizing {
  readonly scale_factor: readonly number[] | null;
  readonly size: readonly number[] | null;
  readonly mode: Mode;
  readonly align_corners: boolean;
  readonly recompute_scale_factor: boolean;
}

function resized({ scale_factor, size, mode, align_corners, recompute_scale_factor }: Resizing, input: Shape): Shape {
  const [channels, ...sizes] = input;
  const fits = ranks[mode].some((rank) => rank === sizes.length);
  if (channels === undefined || !fits) {
    return refuse(
      `interpolates with "${mode}" only in ${ranks[mode].join(', ')} dimensions but receives ${formatShape(input)}`,
      'mode',
    );
  }
  if (align_corners && (mode === 'area' || mode.startsWith('nearest'))) {
    refuse(`has no corners to align with "${mode}"`, 'align_corners');
  }
  if (size !== null) {
    if (scale_factor !== null) refuse('takes a size or a scale_factor, not both', 'size');
    if (recompute_scale_factor) refuse('cannot recompute the factor: a size is given', 'recompute_scale_factor');
    return [channels, ...oneForEach(size, sizes.length, 'size')];
  }
  if (scale_factor === null) return refuse('needs a scale_factor or a size', 'scale_factor');
  const factors = oneForEach(scale_factor, sizes.length, 'scale_factor');
  const scaled = sizes.map((length, side) => Math.floor(length * factors[side]!));
  if (scaled.some((length) => length < 1)) refuse(`leaves nothing of ${formatShape(input)}`, 'scale_factor');
  return [channels, ...scaled];
}

/** One number stands for all dimensions. */
function oneForEach(list: readonly number[], count: number, option: string): readonly number[] {
  if (list.length === 1) return new Array<number>(count).fill(list[0]!);
  return list.length === count ? list : refuse(`needs one number or ${count} as ${option}, not ${list.length}`, option);
}

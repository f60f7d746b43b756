import { layer } from './layer-type.ts';
import { boolean, choice, number } from './option.ts';
import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';

/** Dimensions beside the channels that each way of filling in takes. */
const ranks = { nearest: [1, 2, 3], linear: [1], bilinear: [2], bicubic: [2], trilinear: [3] } as const;

export const upsample = [
  layer({
    name: 'Upsample',
    family: 'shape',
    help: 'Makes the image larger, or smaller, by a factor, without learning.',
    options: {
      scale_factor: number('How many times higher and wider.', { minimum: 0 }),
      mode: choice(
        'What new pixels hold: the nearest one, or what a line or curve through the neighbours gives.',
        ['nearest', 'linear', 'bilinear', 'bicubic', 'trilinear'],
        'nearest',
      ),
      align_corners: boolean('Keeps the corner pixels in the corners; not with "nearest".', false),
    },
    output({ scale_factor, mode, align_corners }, input) {
      const [channels, ...sizes] = input;
      const fits = ranks[mode].some((rank) => rank === sizes.length);
      if (channels === undefined || !fits) {
        return refuse(
          `can fill in "${mode}" only with ${ranks[mode].join(', ')} dimensions, gets ${formatShape(input)}`,
          'mode',
        );
      }
      if (align_corners && mode === 'nearest') refuse('has no corners to align with "nearest"', 'align_corners');
      const scaled = sizes.map((size) => Math.floor(size * scale_factor));
      if (scaled.some((size) => size < 1)) refuse(`leaves nothing of ${formatShape(input)}`, 'scale_factor');
      return [channels, ...scaled];
    },
  }),
];

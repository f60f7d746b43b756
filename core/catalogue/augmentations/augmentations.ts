import type { Complete, Options, Written } from '../declare.ts';
import { augmentation } from './augmentation-type.ts';
import type { AugmentationType } from './augmentation-type.ts';

/** All there are. What moves pixels is done first, in this order; then what changes them, in the order of its names. */
export const augmentationTypes = [
  augmentation({
    name: 'flippedCopies',
    title: 'Flipped copies',
    help: 'Adds a horizontally flipped copy of every training image.',
    options: null,
  }),
  augmentation({
    name: 'crop',
    title: 'Random crop',
    help: 'Pads every side, then crops a random window of the original size.',
    options: {
      padding: {
        kind: 'integer',
        label: 'Padding, pixels',
        help: 'Pixels added on every side.',
        default: 4,
        minimum: 1,
        isRequired: true,
      },
      mode: {
        kind: 'choice',
        label: 'Padding mode',
        help: 'How the padding is filled. Black is applied before normalisation.',
        values: [
          ['zeros', 'black'],
          ['reflect', 'reflection'],
          ['replicate', 'border'],
        ],
        default: 'zeros',
      },
    },
    misfit: ({ padding, mode }, { height, width }) => {
      const most = Math.min(height, width) - 1;
      if (mode !== 'reflect' || padding <= most) return null;
      return {
        option: 'padding',
        sentence: `mirrors ${padding} pixels, but images of ${height}×${width} allow at most ${most}`,
      };
    },
  }),
  augmentation({
    name: 'flip',
    title: 'Random flip',
    help: 'Flips images horizontally.',
    options: {
      probability: {
        kind: 'number',
        label: 'Probability',
        help: 'Probability that an image is flipped: 0 to 1.',
        default: 0.5,
        minimum: 0,
        maximum: 1,
        isRequired: true,
      },
      alternate: {
        kind: 'switch',
        label: 'Alternate',
        help:
          'Flips are drawn once before training; all images are flipped again every other epoch, so that each is seen ' +
          'both ways in two epochs (Jordan 2024). Off: drawn anew in every epoch.',
        default: false,
      },
    },
  }),
  augmentation({
    name: 'cutout',
    title: 'Cutout',
    help: 'Sets a square at a random position to zero after normalisation (DeVries and Taylor 2017).',
    options: {
      size: {
        kind: 'integer',
        label: 'Size, pixels',
        help: 'Side length of the square.',
        default: 8,
        minimum: 1,
        isRequired: true,
      },
    },
    misfit: ({ size }, { height, width }) =>
      size <= Math.min(height, width)
        ? null
        : { option: 'size', sentence: `is ${size}, larger than images of ${height}×${width}` },
  }),
] as const;

type Entry = (typeof augmentationTypes)[number];

/** What a project may write of them. */
export type WrittenAugment = {
  readonly [Known in Entry as Known['name']]?: Known['options'] extends Options ? Written<Known['options']> : boolean;
};

/** What the engine gets: which are switched on, those with options by all of them. */
export type DecidedAugment = {
  readonly [
    Known in Entry as Known['options'] extends Options ? Known['name'] : never
  ]?: Known['options'] extends Options ? Complete<Known['options']> : never;
} & { readonly [Known in Entry as Known['options'] extends Options ? never : Known['name']]: boolean };

/** All there are, whichever options they have. */
export const anyAugmentations = augmentationTypes as unknown as readonly (AugmentationType & Pick<Entry, 'name'>)[];

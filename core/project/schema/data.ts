import { z } from 'zod';
import type { DataSettings } from '../project.ts';
import { fraction, positive, strict, variants, wholeNumber } from './strict.ts';

const normalise = variants('kind', [
  strict({ kind: z.literal('affine'), scale: z.number(), offset: z.number() }),
  strict({
    kind: z.literal('zscore'),
    mean: z.array(z.number()).exactOptional(),
    std: z.array(positive).exactOptional(),
  }).refine((value) => (value.mean === undefined) === (value.std === undefined), {
    error: 'needs both mean and std, or neither: then they are computed over the training images',
  }),
]);

export const dataSettings: z.ZodType<DataSettings> = strict({
  source: z.string().min(1),
  normalise,
  augment: strict({
    flippedCopies: z.boolean().exactOptional(),
    crop: strict({
      padding: wholeNumber(1),
      mode: z.literal(['zeros', 'reflect', 'replicate']).exactOptional(),
    }).exactOptional(),
    flip: strict({ probability: fraction }).exactOptional(),
    cutout: strict({ size: wholeNumber(1) }).exactOptional(),
  }).exactOptional(),
});

import { z } from 'zod';
import type { Augment, DataSettings, ImportSettings, Normalise } from '../project.ts';
import { fraction, positive, strict, variants, wholeNumber } from './strict.ts';

export const normalise: z.ZodType<Normalise> = variants('kind', [
  strict({ kind: z.literal('affine'), scale: z.number(), offset: z.number() }),
  strict({
    kind: z.literal('zscore'),
    mean: z.array(z.number()).exactOptional(),
    std: z.array(positive).exactOptional(),
  }).refine((value) => (value.mean === undefined) === (value.std === undefined), {
    error: 'needs both mean and std, or neither: then they are computed over the training images',
  }),
]);

const columnName = z.string().min(1);

export const importSettings: z.ZodType<ImportSettings> = strict({
  task: z.literal(['classification', 'regression']).exactOptional(),
  target: z.union([columnName, z.array(columnName).min(1)]).exactOptional(),
  size: z.tuple([wholeNumber(1).max(4096), wholeNumber(1).max(4096)]).exactOptional(),
  channels: z.literal([1, 3]).exactOptional(),
  split: strict({
    testFraction: z.number().gt(0).lt(1).exactOptional(),
    seed: wholeNumber(0).exactOptional(),
  }).exactOptional(),
});

export const augment: z.ZodType<Augment> = strict({
  flippedCopies: z.boolean().exactOptional(),
  crop: strict({
    padding: wholeNumber(1),
    mode: z.literal(['zeros', 'reflect', 'replicate']).exactOptional(),
  }).exactOptional(),
  flip: strict({ probability: fraction }).exactOptional(),
  cutout: strict({ size: wholeNumber(1) }).exactOptional(),
});

export const dataSettings: z.ZodType<DataSettings> = strict({
  source: z.string().min(1),
  import: importSettings.exactOptional(),
  normalise,
  augment: augment.exactOptional(),
});

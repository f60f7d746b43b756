import { z } from 'zod';
import { augmentationTypes } from '../../catalogue/augmentations/augmentations.ts';
import { optionFields } from '../../catalogue/derive/schema.ts';
import type { Augment, DataSettings, ImportSettings, Normalise } from '../project.ts';
import { positive, strict, variants, wholeNumber } from './strict.ts';

export const normalise: z.ZodType<Normalise> = variants('kind', [
  strict({ kind: z.literal('none') }),
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
  fit: z.literal(['contain', 'cover', 'stretch']).exactOptional(),
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour as #rrggbb, such as #ffffff for white' })
    .exactOptional(),
  channels: z.literal([1, 3]).exactOptional(),
  split: strict({
    testFraction: z.number().gt(0).lt(1).exactOptional(),
    seed: wholeNumber(0).exactOptional(),
  }).exactOptional(),
});

export const augment: z.ZodType<Augment> = strict(
  Object.fromEntries(
    augmentationTypes.map(({ name, options }) => [
      name,
      (options === null ? z.boolean() : strict(optionFields(options))).exactOptional(),
    ]),
  ),
);

export const dataSettings: z.ZodType<DataSettings> = strict({
  source: z.string(),
  import: importSettings.exactOptional(),
  normalise,
  standardiseTargets: z.boolean().exactOptional(),
  augment: augment.exactOptional(),
});

import { z } from 'zod';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import { importSettings } from '../../../core/project/schema/data.ts';
import { fail } from '../../failures.ts';

const count = z.int().min(0);
const numbers = z.array(z.number());
const names = z.array(z.string());

const schema: z.ZodType<ImportedDataset> = z.object({
  source: z.string(),
  settings: importSettings,
  kind: z.enum(['images', 'table', 'arrays', 'generated']),
  inputShape: z.array(count),
  values: z.enum(['bytes', 'floats']),
  task: z.enum(['classification', 'regression']),
  classNames: names,
  targets: count,
  columnNames: names,
  targetNames: names,
  columns: z
    .array(z.object({ name: z.string(), use: z.enum(['feature', 'target', 'leftOut']), why: z.string().nullable() }))
    .exactOptional(),
  commaColumns: names.exactOptional(),
  origins: numbers.exactOptional(),
  targetStatistics: z.object({ mean: numbers, std: numbers }).exactOptional(),
  trainSamples: count,
  testSamples: count,
  testInTrain: count.exactOptional(),
  testInTrainExamples: names.exactOptional(),
  classCounts: z.object({ train: numbers, test: numbers }),
  statistics: z.object({ mean: numbers, std: numbers }),
  skipped: z.array(z.object({ reason: z.string(), count, examples: names, isFile: z.boolean().exactOptional() })),
  files: z
    .array(z.object({ role: z.enum(['training', 'testing', 'divided', 'labels']), count, examples: names }))
    .exactOptional(),
  pictures: z
    .object({
      fit: z.enum(['contain', 'cover', 'stretch']),
      background: z.string(),
      resized: count,
      reshaped: count,
      transparent: count,
      multiPage: count,
      madeGrey: count.exactOptional(),
      madeColour: count.exactOptional(),
    })
    .exactOptional(),
  warnings: names.exactOptional(),
  notes: names,
  changes: names.exactOptional(),
  bytes: count,
  imported: z.number(),
});

/** Throws a FailureError that names the folder where the text is not what an import wrote. */
export function parseImported(text: string, folder: string): ImportedDataset {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return fail('badData', `${folder} contains an incomplete import.`, { at: folder, advice: 'Delete the folder.' });
  }
}

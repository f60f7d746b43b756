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
  trainSamples: count,
  testSamples: count,
  classCounts: z.object({ train: numbers, test: numbers }),
  statistics: z.object({ mean: numbers, std: numbers }),
  skipped: z.array(z.object({ reason: z.string(), count, examples: names })),
  notes: names,
  bytes: count,
  imported: z.number(),
});

/** Throws a FailureError that names the folder where the text is not what an import wrote. */
export function parseImported(text: string, folder: string): ImportedDataset {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return fail('badData', `${folder} holds no whole import.`, { at: folder, advice: 'Remove the folder.' });
  }
}

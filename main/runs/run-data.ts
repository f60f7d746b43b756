import path from 'node:path';
import { z } from 'zod';
import type { SplitFiles } from '../../core/training/plan.ts';
import type { RunData } from '../../core/training/run-data.ts';
import { fail, withFile } from '../failures.ts';
import { readIfThere, replaceFile } from '../files.ts';
import type { DataFiles } from './kept-data.ts';
import { runFolder } from './run-folder.ts';

const numbers = z.array(z.number());
const names = z.array(z.string());
const content = z.object({ samples: z.number(), inputs: z.string(), targets: z.string(), sampleSum: z.number() });

const splitFiles: z.ZodType<SplitFiles> = z.union([
  z.object({ format: z.literal('idx'), images: z.string(), labels: z.string() }),
  z.object({ format: z.literal('cifar10'), files: names }),
  z.object({
    format: z.literal('arrays'),
    inputs: z.string(),
    targets: z.string(),
    standardTargets: z.string().exactOptional(),
  }),
]);

/** Every fact of DatasetFacts is here: what is left out is forgotten. */
const runData = z.object({
  source: z.string(),
  settings: z.looseObject({}),
  inputShape: numbers,
  values: z.object({
    kind: z.enum(['bytes', 'floats']),
    statistics: z.object({ mean: numbers, std: numbers }).exactOptional(),
    origins: numbers.exactOptional(),
  }),
  classNames: names,
  targets: z.number().exactOptional(),
  targetStatistics: z.object({ mean: numbers, std: numbers }).exactOptional(),
  columnNames: names,
  commaColumns: names.exactOptional(),
  targetNames: names,
  normalise: z.object({ kind: z.literal('affine'), scale: numbers, offset: numbers }),
  train: content,
  test: content,
});

/** data.json: what a run remembers of its data, and where these lay. */
const runDataRecord = z.object({
  format: z.literal('torchwright-run-data'),
  version: z.literal(1),
  data: runData,
  files: z.object({ train: splitFiles, test: splitFiles }),
});

export interface RememberedData {
  readonly data: RunData;
  /** As they lay when the run began: they may be gone, or have other contents. */
  readonly files: DataFiles;
}

export function runDataFile(run: string): string {
  return path.join(runFolder(run), 'data.json');
}

/** Null: the run was made by a version that kept none. */
export async function readRunData(run: string): Promise<RememberedData | null> {
  const file = runDataFile(run);
  const text = await withFile(file, () => readIfThere(file));
  if (text === null) return null;
  try {
    const { data, files } = runDataRecord.parse(JSON.parse(text));
    return { data, files };
  } catch {
    return fail('badData', `${file} is damaged, so the data of this run are unknown.`, { at: file });
  }
}

export async function writeRunData(run: string, { data, files }: RememberedData): Promise<void> {
  const record = { format: 'torchwright-run-data', version: 1, data, files };
  await replaceFile(runDataFile(run), `${JSON.stringify(record, null, 2)}\n`);
}

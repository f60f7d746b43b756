import path from 'node:path';
import { z } from 'zod';
import type { WeightReport, WeightSource } from '../../core/training/events.ts';
import { fail, withFile } from '../failures.ts';
import { readIfThere, replaceFile } from '../files.ts';
import { runFolder } from './run-folder.ts';

const names = z.array(z.string());
const shape = z.array(z.number());

const initialWeights = z.object({
  from: z.union([
    z.object({ run: z.string(), checkpoint: z.enum(['last', 'best']), epoch: z.number() }),
    z.object({ file: z.string(), entry: z.string().exactOptional() }),
  ]),
  /** Null until the training has begun. */
  report: z
    .object({
      matched: names,
      missing: names,
      otherShape: z.array(z.object({ name: z.string(), found: shape, expected: shape })),
      unused: names,
      prefix: z.string().exactOptional(),
    })
    .nullable(),
  /** Of the source's tensors, of which only those that the network asks for were copied. Absent in older runs. */
  given: z.object({ unused: names, prefix: z.string().exactOptional() }).exactOptional(),
});

/** What a run began with in the place of fresh weights. */
export interface InitialWeights {
  readonly from: WeightSource;
  readonly report: WeightReport | null;
  readonly given?: Pick<WeightReport, 'unused' | 'prefix'>;
}

/** Copied into the run, so that it stays what it is when the other one is deleted. */
export function initialWeightsFile(run: string): string {
  return path.join(runFolder(run), 'initial-weights.safetensors');
}

function recordFile(run: string): string {
  return path.join(runFolder(run), 'initial-weights.json');
}

export async function writeInitialWeights(run: string, weights: InitialWeights): Promise<void> {
  await replaceFile(recordFile(run), `${JSON.stringify(weights, null, 2)}\n`);
}

/** Null: the run began with fresh ones. */
export async function readInitialWeights(run: string): Promise<InitialWeights | null> {
  const file = recordFile(run);
  const text = await withFile(file, () => readIfThere(file));
  if (text === null) return null;
  try {
    return initialWeights.parse(JSON.parse(text));
  } catch {
    return fail('badData', `${file} is damaged, so the initial weights of the run are unknown.`, { at: file });
  }
}

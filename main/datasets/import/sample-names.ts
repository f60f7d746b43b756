import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SplitFiles } from '../../../core/training/plan.ts';
import type { SamplePositions } from '../../../core/contract/evaluation.ts';
import { namesFile, positionsFile } from './split-writer.ts';

const names = z.array(z.string());
const positions = z.object({
  unit: z.enum(['line', 'index']),
  numbers: z.array(z.int().min(0)).transform((numbers) => Int32Array.from(numbers)),
});

/**
 * The files that the test samples were read from, as paths below the source, in the order of the samples. Null: there is
 * not a file for each. The names lie beside the samples, in an import as in a run that keeps them.
 */
export async function testSampleFiles(test: SplitFiles): Promise<readonly string[] | null> {
  if (test.format !== 'arrays') return null;
  const text = await readFile(namesFile(path.dirname(test.inputs), 'test'), 'utf8').catch(() => null);
  const read = names.safeParse(text === null ? null : JSON.parse(text));
  return read.success ? read.data : null;
}

/**
 * Where the test samples stand in the file that they were read from. Null: each came from a file of its own, or an
 * earlier version read them.
 */
export async function testSamplePositions(test: SplitFiles): Promise<SamplePositions | null> {
  if (test.format !== 'arrays') return null;
  const text = await readFile(positionsFile(path.dirname(test.inputs), 'test'), 'utf8').catch(() => null);
  const read = positions.safeParse(text === null ? null : JSON.parse(text));
  return read.success ? read.data : null;
}

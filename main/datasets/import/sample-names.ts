import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SplitFiles } from '../../../core/training/plan.ts';
import type { SamplePositions } from '../../../core/contract/evaluation.ts';
import type { SampleAddresses } from './sample-address.ts';
import { namesFile, positionsFile } from './split-writer.ts';
import type { SplitName } from './split-writer.ts';

const names = z.array(z.string());
const positions = z.object({
  unit: z.enum(['line', 'index']),
  numbers: z.array(z.int().min(0)).transform((numbers) => Int32Array.from(numbers)),
});

/**
 * The files that the test samples were read from, as paths below the source, in the order of the samples. Null: there is
 * not a file for each. The names lie beside the samples, in an import as in a run that keeps them.
 */
export function testSampleFiles(test: SplitFiles): Promise<readonly string[] | null> {
  return filesOf(test, 'test');
}

async function filesOf(split: SplitFiles, name: SplitName): Promise<readonly string[] | null> {
  if (split.format !== 'arrays') return null;
  const text = await readFile(namesFile(path.dirname(split.inputs), name), 'utf8').catch(() => null);
  const read = names.safeParse(text === null ? null : JSON.parse(text));
  return read.success ? read.data : null;
}

/**
 * Where the test samples stand in the file that they were read from. Null: each came from a file of its own, or an
 * earlier version read them.
 */
export function testSamplePositions(test: SplitFiles): Promise<SamplePositions | null> {
  return positionsOf(test, 'test');
}

async function positionsOf(split: SplitFiles, name: SplitName): Promise<SamplePositions | null> {
  if (split.format !== 'arrays') return null;
  const text = await readFile(positionsFile(path.dirname(split.inputs), name), 'utf8').catch(() => null);
  const read = positions.safeParse(text === null ? null : JSON.parse(text));
  return read.success ? read.data : null;
}

/** Where the samples of a part were read from, as far as that is known. */
export async function sampleAddresses(split: SplitFiles, name: SplitName): Promise<SampleAddresses> {
  return { files: await filesOf(split, name), positions: await positionsOf(split, name) };
}

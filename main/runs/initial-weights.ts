import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { WeightReport, WeightSource } from '../../core/training/events.ts';
import { isWeightsFile } from '../../core/training/weight-source.ts';
import { writeSafetensors } from '../../core/weights/safetensors.ts';
import { writeParts } from '../exports/write-parts.ts';
import { fail, withFile } from '../failures.ts';
import { readWeightsFile } from '../imports/read-weights-file.ts';
import { readIfThere, replaceFile } from '../files.ts';
import { readCheckpointIndex } from './checkpoint-index.ts';
import { checkpointsFolder, runFolder } from './run-folder.ts';

const names = z.array(z.string());
const shape = z.array(z.number());

const initialWeights = z.object({
  from: z.union([
    z.object({ run: z.string(), checkpoint: z.enum(['last', 'best']), epoch: z.number() }),
    z.object({ file: z.string() }),
  ]),
  /** Null until the training has begun. */
  report: z
    .object({
      matched: names,
      missing: names,
      otherShape: z.array(z.object({ name: z.string(), found: shape, expected: shape })),
      unused: names,
    })
    .nullable(),
});

/** What a run began with in the place of fresh weights. */
export interface InitialWeights {
  readonly from: WeightSource;
  readonly report: WeightReport | null;
}

/** Copied into the run, so that it stays what it is when the other one is deleted. */
export function initialWeightsFile(run: string): string {
  return path.join(runFolder(run), 'initial-weights.safetensors');
}

function recordFile(run: string): string {
  return path.join(runFolder(run), 'initial-weights.json');
}

/** Weights that are ready to be put into a run. */
export interface FoundWeights {
  readonly from: WeightSource;
  readonly copyTo: (file: string) => Promise<void>;
}

/** Of a file, or of a run's best checkpoint, or where it has none, its last. */
export async function findWeights(from: string): Promise<FoundWeights> {
  return isWeightsFile(from) ? ofFile(path.resolve(from)) : ofRun(from);
}

async function ofRun(run: string): Promise<FoundWeights> {
  const index = await readCheckpointIndex(checkpointsFolder(run));
  if (index === null) return fail('notFound', `The run ${run} has no checkpoint to take weights from.`, { at: run });
  const position = index.best ?? index.last;
  const file = path.join(checkpointsFolder(run), position.directory, 'model.safetensors');
  return {
    from: { run, checkpoint: index.best === null ? 'last' : 'best', epoch: position.epoch },
    copyTo: (to) => withFile(file, () => copyFile(file, to)),
  };
}

/** Read here, so that nothing else than tensors ever comes to the engine. */
async function ofFile(file: string): Promise<FoundWeights> {
  const tensors = await readWeightsFile(file);
  return { from: { file }, copyTo: (to) => writeParts(to, writeSafetensors(tensors, { format: 'pt' })) };
}

/** They stay what they are when the other run is deleted. */
export async function copyWeights(to: string, { from, copyTo }: FoundWeights): Promise<void> {
  await copyTo(initialWeightsFile(to));
  await writeInitialWeights(to, { from, report: null });
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
    return fail('badData', `${file} is damaged, so it cannot be told what the run began with.`, { at: file });
  }
}

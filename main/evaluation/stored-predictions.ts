import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { pack, unpack } from '../../core/contract/pack.ts';
import type { Predictions, Weights } from '../engine/addon.ts';
import { isErrorWithCode } from '../failures.ts';
import { replaceFileUnsynced } from '../files.ts';

/** What a network said of a whole split, as it is kept with the run. */
export interface KeptPredictions extends Predictions {
  /** Row-major samples × classes, averaged over the views; absent where none were asked for. */
  readonly averaged?: Float32Array;
}

/** Which predictions: of the weights of one checkpoint, averaged over so many views of each image or not at all (0). */
export interface PredictionKey {
  /** The run's folder of predictions. To write into it, it must be there. */
  readonly folder: string;
  /** Folder of the checkpoint. */
  readonly checkpoint: string;
  readonly weights: Weights;
  /** Absent: of the test samples. */
  readonly split?: 'train' | 'test';
  readonly views: number;
}

const floats = z.instanceof(Float32Array);

const storedPredictions = z
  .object({
    format: z.literal('torchwright-predictions'),
    version: z.literal(1),
    /** Of the weights' file: a checkpoint written anew has another. */
    identity: z.string(),
    samples: z.number(),
    classes: z.number(),
    loss: z.number(),
    probabilities: floats,
    averaged: floats.exactOptional(),
    labels: z.instanceof(Int32Array),
    targets: floats.nullable(),
  })
  .refine(({ samples, classes, probabilities }) => probabilities.length === samples * classes)
  .refine(({ samples, labels, targets }) => targets !== null || labels.length === samples);

const fileName = /^(epoch-\d+(?:-step-\d+)?)-(?:last|averaged)(?:-train)?(?:-views-\d+)?\.bin$/;

/** Null where there are none, they are damaged, or the checkpoint is not the one they were made with. */
export async function readPredictions(key: PredictionKey): Promise<KeptPredictions | null> {
  const [content, identity] = await Promise.all([
    readFile(fileOf(key)).catch((error: unknown) => {
      if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return null;
      throw error;
    }),
    identityOf(key),
  ]);
  if (content === null || identity === null) return null;
  try {
    const kept = storedPredictions.parse(unpack(new Uint8Array(content)));
    return kept.identity === identity ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps them beside those of the checkpoints named in `kept`; those of others are removed. */
export async function writePredictions(
  key: PredictionKey,
  predictions: KeptPredictions,
  kept: readonly string[],
): Promise<void> {
  const identity = await identityOf(key);
  if (identity === null) return;
  const { samples, classes, loss, probabilities, labels, targets, averaged } = predictions;
  const figures = { samples, classes, loss, probabilities, labels, targets, ...(averaged && { averaged }) };
  await replaceFileUnsynced(fileOf(key), pack({ format: 'torchwright-predictions', version: 1, identity, ...figures }));
  const wanted = new Set([path.basename(key.checkpoint), ...kept]);
  for (const name of await readdir(key.folder)) {
    const checkpoint = fileName.exec(name)?.[1];
    if (checkpoint !== undefined && !wanted.has(checkpoint)) await rm(path.join(key.folder, name), { force: true });
  }
}

function fileOf({ folder, checkpoint, weights, split, views }: PredictionKey): string {
  const of = `${split === 'train' ? '-train' : ''}${views === 0 ? '' : `-views-${views}`}`;
  return path.join(folder, `${path.basename(checkpoint)}-${weights}${of}.bin`);
}

/** Null where the checkpoint is gone or has no such weights. */
async function identityOf({ checkpoint, weights }: PredictionKey): Promise<string | null> {
  const found = await stat(path.join(checkpoint, weightsFile(weights))).catch(() => null);
  return found && `${found.size} bytes of ${found.mtime.toISOString()}`;
}

function weightsFile(weights: Weights): string {
  return weights === 'averaged' ? 'averaged.safetensors' : 'model.safetensors';
}

/** Whether a checkpoint has averaged weights too. */
export async function hasAveragedWeights(checkpoint: string): Promise<boolean> {
  return stat(path.join(checkpoint, weightsFile('averaged'))).then(
    () => true,
    () => false,
  );
}

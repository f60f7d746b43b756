import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { pack, unpack } from '../../core/contract/pack.ts';
import { judge } from '../../core/evaluation/judgement.ts';
import type { Predictions, Weights } from '../engine/addon.ts';
import { isErrorWithCode } from '../failures.ts';
import { replaceFileUnsynced } from '../files.ts';

/** What was predicted of every test sample after one epoch: four bytes a sample. */
export interface PredictedInEpoch {
  readonly epoch: number;
  /** The most probable class. */
  readonly predicted: Uint16Array;
  /** Its probability in parts of 65,535. */
  readonly confidences: Uint16Array;
}

/** The names in the file are those of the first version. */
const stored = z.object({
  format: z.literal('torchwright-said'),
  version: z.literal(1),
  epoch: z.number(),
  said: z.instanceof(Uint16Array),
  confidences: z.instanceof(Uint16Array),
});

const fileName = /^epoch-(\d+)-(last|averaged)\.bin$/;

/** More classes than a file can tell apart are not kept. */
const mostClasses = 2 ** 16;

/** Keeps what a classifier predicted after an epoch in the run's folder for it, which is there. */
export async function writePredictedClasses(
  folder: string,
  epoch: number,
  weights: Weights,
  predictions: Predictions,
): Promise<void> {
  if (predictions.targets !== null || predictions.classes > mostClasses) return;
  const { predicted, confidences } = judge(predictions);
  const content = {
    said: Uint16Array.from(predicted),
    confidences: Uint16Array.from(confidences, (confidence) => Math.round(confidence * 65_535)),
  };
  await replaceFileUnsynced(
    fileOf(folder, epoch, weights),
    pack({ format: 'torchwright-said', version: 1, epoch, ...content }),
  );
}

function fileOf(folder: string, epoch: number, weights: Weights): string {
  return path.join(folder, `epoch-${String(epoch).padStart(4, '0')}-${weights}.bin`);
}

/** Null where it was not kept, or is damaged. */
export async function readPredictedClassesAfter(
  folder: string,
  epoch: number,
  weights: Weights,
): Promise<PredictedInEpoch | null> {
  try {
    return parse(await readFile(fileOf(folder, epoch, weights)))[0] ?? null;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

/** In the order of the epochs; what is damaged is left out. */
export async function readPredictedClasses(folder: string, weights: Weights): Promise<readonly PredictedInEpoch[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
  const wanted = names.filter((name) => fileName.exec(name)?.[2] === weights);
  const found = await Promise.all(wanted.map(async (name) => parse(await readFile(path.join(folder, name)))));
  return found.flat().toSorted((one, other) => one.epoch - other.epoch);
}

function parse(content: Uint8Array): PredictedInEpoch[] {
  try {
    const { epoch, said: predicted, confidences } = stored.parse(unpack(new Uint8Array(content)));
    return predicted.length === confidences.length ? [{ epoch, predicted, confidences }] : [];
  } catch {
    return [];
  }
}

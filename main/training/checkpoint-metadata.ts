import { z } from 'zod';
import { fail } from '../failures.ts';

const lossAndAccuracy = z.object({
  loss: z.number(),
  accuracy: z.number().nullable(),
  errors: z.object({ meanAbsolute: z.number(), rootMeanSquare: z.number() }).exactOptional(),
  generatorLoss: z.number().exactOptional(),
});

const epochFinished = z.object({
  event: z.literal('epochFinished'),
  run: z.string(),
  epoch: z.number(),
  epochs: z.number(),
  learningRate: z.number(),
  train: lossAndAccuracy,
  test: lossAndAccuracy,
  averaged: lossAndAccuracy.exactOptional(),
  seconds: z.number(),
  imagesPerSecond: z.number(),
});

/** What the training loop must know to go on from a checkpoint; everything numeric is in the engine's own files. */
const checkpointMetadata = z.object({
  /** Epochs trained and evaluated. */
  epoch: z.number(),
  /** Optimizer steps of the next epoch that are done. */
  step: z.number(),
  /** The epoch is trained to its end but not yet evaluated: its figures. */
  unevaluated: lossAndAccuracy.extend({ seconds: z.number() }).nullable(),
  /** Seconds spent on the run so far. */
  seconds: z.number(),
  history: z.array(epochFinished),
  best: z
    .object({
      directory: z.string(),
      epoch: z.number(),
      step: z.number(),
      testAccuracy: z.number().nullable(),
      testError: z.number().exactOptional(),
    })
    .nullable(),
});

export type CheckpointMetadata = Readonly<z.infer<typeof checkpointMetadata>>;

export function readMetadata(text: string, directory: string): CheckpointMetadata {
  try {
    return checkpointMetadata.parse(JSON.parse(text));
  } catch {
    return fail('badData', `The checkpoint ${directory} is damaged: its position cannot be read.`, { at: directory });
  }
}

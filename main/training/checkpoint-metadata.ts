import { z } from 'zod';
import { published, publishedEvent, publishedSchema } from '../../core/figures/published.ts';
import { fail } from '../failures.ts';

const epochFinished = z.object({
  event: z.literal('epochFinished'),
  run: z.string(),
  epoch: z.number(),
  epochs: z.number(),
  learningRate: z.number(),
  train: publishedSchema,
  test: publishedSchema,
  averaged: publishedSchema.exactOptional(),
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
  unevaluated: z
    .looseObject({ seconds: z.number() })
    .transform((entry) => ({ ...publishedSchema.parse(entry), seconds: entry.seconds }))
    .nullable(),
  /** Seconds spent on the run so far. */
  seconds: z.number(),
  history: z.array(epochFinished),
  /** Whole epochs that early stopping leaves out: the run had stopped early after them and was trained further. */
  patienceFrom: z.number().exactOptional(),
  /** Whole epochs that were measured on other data: none of them is compared with those since. */
  comparableFrom: z.number().exactOptional(),
  best: z
    .object({
      directory: z.string(),
      epoch: z.number(),
      step: z.number(),
      better: z.literal(['last', 'averaged']).exactOptional(),
      testAccuracy: z.number().nullable(),
      testError: z.number().exactOptional(),
    })
    .nullable(),
});

export type CheckpointMetadata = Readonly<z.infer<typeof checkpointMetadata>>;

export function metadataText(metadata: CheckpointMetadata): string {
  const { unevaluated, history } = metadata;
  return JSON.stringify({
    ...metadata,
    unevaluated: unevaluated && { ...published(unevaluated), seconds: unevaluated.seconds },
    history: history.map(publishedEvent),
  });
}

export function readMetadata(text: string, directory: string): CheckpointMetadata {
  try {
    return checkpointMetadata.parse(JSON.parse(text));
  } catch {
    return fail('badData', `The checkpoint ${directory} is damaged: its position cannot be read.`, { at: directory });
  }
}

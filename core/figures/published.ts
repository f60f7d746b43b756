import { z } from 'zod';
import type { TrainingEvent } from '../training/events.ts';
import { pick } from './measured.ts';
import type { Measured } from './measured.ts';
import { epochFigures } from './of-epochs.ts';

/**
 * Figures as `--json` prints them and checkpoints hold them: the form is older than figures by name. Accuracy is null
 * where there is none, errors of a regression stand together; all others follow by name.
 */
export interface Published {
  readonly loss: number;
  readonly accuracy: number | null;
  readonly errors?: { readonly meanAbsolute: number; readonly rootMeanSquare: number };
  readonly [name: string]: unknown;
}

export function published({ loss, accuracy, meanAbsolute, rootMeanSquare, ...others }: Measured): Published {
  const hasErrors = meanAbsolute !== undefined && rootMeanSquare !== undefined;
  return {
    loss,
    accuracy: accuracy ?? null,
    ...(hasErrors ? { errors: { meanAbsolute, rootMeanSquare } } : {}),
    ...others,
  };
}

/** Every event of a training with its figures in that form. */
export function publishedEvent(event: TrainingEvent): object {
  switch (event.event) {
    case 'step':
      return { ...event, train: published(event.train) };
    case 'epochFinished':
    case 'runFinished': {
      const { train, test, averaged } = event;
      const both = { train: published(train), test: published(test) };
      return { ...event, ...both, ...(averaged === undefined ? {} : { averaged: published(averaged) }) };
    }
    case 'stoppedEarly':
      return { ...event, best: { ...event.best, test: published(event.best.test) } };
    default:
      return event;
  }
}

/** What `published` made, also that of older versions. Figures that this version does not know are left out. */
export const publishedSchema = z
  .looseObject({
    loss: z.number(),
    accuracy: z.number().nullable(),
    errors: z.object({ meanAbsolute: z.number(), rootMeanSquare: z.number() }).exactOptional(),
  })
  .transform(({ errors, ...others }): Measured => ({
    ...pick({ ...others, ...errors }, epochFigures),
    loss: others.loss,
  }));

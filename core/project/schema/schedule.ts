import { z } from 'zod';
import type { Schedule, ScheduleShape } from '../project.ts';
import { fraction, notNegative, positive, strict, variants, wholeNumber } from './strict.ts';

const rate = notNegative;

const fields = {
  Constant: { type: z.literal('Constant'), rate },
  Step: { type: z.literal('Step'), rate, every: wholeNumber(1), gamma: positive },
  MultiStep: {
    type: z.literal('MultiStep'),
    rate,
    milestones: z
      .array(wholeNumber(1))
      .min(1)
      .refine((epochs) => epochs.every((epoch, index) => epoch > (epochs[index - 1] ?? 0)), {
        error: 'must be epochs in order, each later than the one before',
      }),
    gamma: positive,
  },
  Exponential: { type: z.literal('Exponential'), rate, gamma: positive },
  Cosine: {
    type: z.literal('Cosine'),
    rate,
    floor: rate.exactOptional(),
    clampFloor: z.boolean().exactOptional(),
    per: z.literal(['epoch', 'step']).exactOptional(),
  },
  CosineCycles: {
    type: z.literal('CosineCycles'),
    rate,
    length: positive,
    multiplier: z.number().min(1).exactOptional(),
    floor: rate.exactOptional(),
  },
  List: { type: z.literal('List'), rates: z.array(rate).min(1) },
  Linear: { type: z.literal('Linear'), rate, end: rate },
  OneCycle: {
    type: z.literal('OneCycle'),
    rate,
    percentageUp: fraction.exactOptional(),
    div: positive.exactOptional(),
    finalDiv: positive.exactOptional(),
    anneal: z.literal(['cosine', 'linear']).exactOptional(),
  },
  Triangular: {
    type: z.literal('Triangular'),
    rate,
    floor: rate.exactOptional(),
    up: positive,
    down: positive.exactOptional(),
    halves: z.boolean().exactOptional(),
  },
  ReduceOnPlateau: {
    type: z.literal('ReduceOnPlateau'),
    rate,
    metric: z.literal(['testLoss', 'testAccuracy', 'trainLoss']).exactOptional(),
    factor: positive.lt(1).exactOptional(),
    patience: wholeNumber(0).exactOptional(),
    threshold: notNegative.exactOptional(),
    absolute: z.boolean().exactOptional(),
    cooldown: wholeNumber(0).exactOptional(),
    minimum: rate.exactOptional(),
  },
};

const phases = z
  .array(
    strict({
      epochs: wholeNumber(1),
      get shape(): z.ZodType<ScheduleShape> {
        return scheduleShape;
      },
    }),
  )
  .min(1);

const scheduleShape: z.ZodType<ScheduleShape> = variants('type', [
  strict(fields.Constant),
  strict(fields.Step),
  strict(fields.MultiStep),
  strict(fields.Exponential),
  strict(fields.Cosine),
  strict(fields.CosineCycles),
  strict(fields.List),
  strict(fields.Linear),
  strict(fields.OneCycle),
  strict(fields.Triangular),
  strict(fields.ReduceOnPlateau),
  strict({ type: z.literal('Phases'), phases }),
]);

const warmup = {
  warmup: strict({
    steps: wholeNumber(1).exactOptional(),
    epochs: positive.exactOptional(),
    fraction: fraction.exactOptional(),
    factor: fraction.exactOptional(),
  })
    .refine(
      (value) => [value.steps, value.epochs, value.fraction].filter((length) => length !== undefined).length === 1,
      { error: 'needs its length in exactly one of steps, epochs and fraction' },
    )
    .exactOptional(),
};

export const schedule: z.ZodType<Schedule> = variants('type', [
  strict({ ...fields.Constant, ...warmup }),
  strict({ ...fields.Step, ...warmup }),
  strict({ ...fields.MultiStep, ...warmup }),
  strict({ ...fields.Exponential, ...warmup }),
  strict({ ...fields.Cosine, ...warmup }),
  strict({ ...fields.CosineCycles, ...warmup }),
  strict({ ...fields.List, ...warmup }),
  strict({ ...fields.Linear, ...warmup }),
  strict({ ...fields.OneCycle, ...warmup }),
  strict({ ...fields.Triangular, ...warmup }),
  strict({ ...fields.ReduceOnPlateau, ...warmup }),
  strict({ type: z.literal('Phases'), phases, ...warmup }),
]);

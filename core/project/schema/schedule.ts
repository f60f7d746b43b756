import { z } from 'zod';
import { optionFields } from '../../catalogue/derive/schema.ts';
import { scheduleTypes } from '../../catalogue/schedules/schedules.ts';
import type { Schedule, ScheduleShape } from '../project.ts';
import { fraction, positive, strict, variants, wholeNumber } from './strict.ts';

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

const warmup = strict({
  steps: wholeNumber(1).exactOptional(),
  epochs: positive.exactOptional(),
  fraction: fraction.exactOptional(),
  factor: fraction.exactOptional(),
})
  .refine(
    (value) => [value.steps, value.epochs, value.fraction].filter((length) => length !== undefined).length === 1,
    {
      error: 'needs its length in exactly one of steps, epochs and fraction',
    },
  )
  .exactOptional();

const scheduleShape = schemas({}) as unknown as z.ZodType<ScheduleShape>;

export const schedule = schemas({ warmup }) as unknown as z.ZodType<Schedule>;

function schemas(shared: Readonly<Record<string, z.ZodType>>) {
  const [first, ...others] = scheduleTypes.map(({ type, options }) =>
    strict({ type: z.literal(type as string), ...optionFields(options), ...shared }),
  );
  return variants('type', [first!, ...others, strict({ type: z.literal('Phases'), phases, ...shared })]);
}

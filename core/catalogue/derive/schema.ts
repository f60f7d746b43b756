import { z } from 'zod';
import type { ListOption, Option, Options } from '../declare.ts';

/** The fields of a strict object that these options stand in. */
export function optionFields(declared: Options): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, option]) => {
      const isRequired = 'isRequired' in option;
      return [name, isRequired ? optionSchema(option) : optionSchema(option).exactOptional()];
    }),
  );
}

function optionSchema(option: Option): z.ZodType {
  switch (option.kind) {
    case 'number':
      return limited(z.number(), option);
    case 'integer':
      return limited(z.int(), option);
    case 'switch':
      return z.boolean();
    case 'choice':
      return z.literal(
        option.values.map(([value]) => value),
        option.refusal === undefined ? undefined : { error: option.refusal },
      );
    case 'tuple': {
      const [first, ...others] = option.default.map(() => limited(z.number(), option));
      return z.tuple([first!, ...others]);
    }
    case 'list':
      return listSchema(option);
  }
}

function listSchema(option: ListOption): z.ZodType {
  const { isWhole, isRequired, conflict = () => null } = option;
  const numbers = z.array(limited(isWhole === true ? z.int() : z.number(), option));
  return (isRequired === true ? numbers.min(1) : numbers).superRefine((written, context) => {
    const message = conflict(written);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

function limited(
  schema: z.ZodNumber,
  limits: { readonly minimum?: number; readonly above?: number; readonly below?: number; readonly maximum?: number },
): z.ZodNumber {
  let limited = schema;
  if (limits.minimum !== undefined) limited = limited.min(limits.minimum);
  if (limits.above !== undefined) limited = limited.gt(limits.above);
  if (limits.below !== undefined) limited = limited.lt(limits.below);
  if (limits.maximum !== undefined) limited = limited.max(limits.maximum);
  return limited;
}

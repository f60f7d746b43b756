import { z } from 'zod';
import { didYouMean } from '../../nearest-name.ts';

// The window's content security policy forbids code made at run time.
z.config({ jitless: true });

/** An object with exactly these fields; an unknown one is refused with the name it may have meant; see `issuePath`. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const [unknown] = issue.keys as readonly string[];
      return `is not a known field.${didYouMean(unknown!, Object.keys(shape))}`;
    },
  });
}

/** Objects told apart by the word in `key`; an unknown word is refused with those there are. */
export function variants<
  const Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(key: string, options: Options) {
  return z.discriminatedUnion(key, options, {
    error: (issue) => {
      // What is no object at all comes here too, as zod's invalid_type.
      if (typeof issue.input !== 'object' || issue.input === null || Array.isArray(issue.input)) return undefined;
      const written = (issue.input as Readonly<Record<string, unknown>>)[key];
      const known = options.flatMap((option) => [...(option._zod.propValues[key] ?? [])].map(String));
      if (written === undefined) return `is missing; it must be one of ${known.join(', ')}`;
      const hint = typeof written === 'string' ? didYouMean(written, known) : '';
      return `must be one of ${known.join(', ')}, not ${JSON.stringify(written)}.${hint}`;
    },
  });
}

export const wholeNumber = (minimum: number) => z.int().min(minimum);
export const notNegative = z.number().nonnegative();
export const positive = z.number().positive();
export const fraction = z.number().min(0).max(1);

/** Names of modules and parameters: part of names in the state dict, so no dots, and no digit first. */
export const identifier = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, { error: 'must be a name of letters, digits and underscores that begins with no digit' });

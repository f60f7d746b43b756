import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';
import type { Shape } from './shape.ts';

export interface Sequence {
  readonly length: number;
  readonly features: number;
}

/** The batch comes first always: one sample is [length, features], as with PyTorch's `batch_first=True`. */
export function sequenceOf(input: Shape, what = 'expects'): Sequence {
  const [length, features, ...more] = input;
  if (length === undefined || features === undefined || more.length > 0) {
    return refuse(`${what} [length, features] but receives ${formatShape(input)}`);
  }
  return { length, features };
}

/** For options that follow from the input: its last size. */
export function lastSize(input: Shape): number {
  return input.at(-1) ?? refuse('expects at least one dimension besides the batch but receives none');
}

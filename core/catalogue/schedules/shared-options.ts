import type { NumberOption } from '../declare.ts';

export const rate = {
  kind: 'number',
  label: 'Rate',
  help: 'The learning rate scales each step along the gradient. “Find a rate…” suggests one.',
  default: 0.01,
  minimum: 0,
  isRequired: true,
} as const satisfies NumberOption;

/** A rate that the schedule falls to. */
export function lowest<const Label extends string>(label: Label) {
  return { kind: 'number', label, help: 'Lowest learning rate.', default: 0, minimum: 0 } as const;
}

/** The factor of each change. */
export function gamma<const Label extends string, const Value extends number>(label: Label, standard: Value) {
  const help = 'Factor by which the learning rate is multiplied at each change, usually below 1.';
  return { kind: 'number', label, help, default: standard, above: 0, isRequired: true } as const;
}

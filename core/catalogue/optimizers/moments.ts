import type { TupleOption } from '../declare.ts';

/** Of the running means of the gradient and of its square. One object: it stays when another optimizer is chosen. */
export const betas = {
  kind: 'tuple',
  label: 'Betas',
  help: 'Decay rates of the running averages of the gradient and its square, each below 1.',
  labels: ['First beta', 'Second beta'],
  default: [0.9, 0.999],
  minimum: 0,
  below: 1,
} as const satisfies TupleOption;

export function eps<const Value extends number>(standard: Value) {
  return {
    kind: 'number',
    label: 'Epsilon',
    help: 'Small constant added to the denominator for numerical stability.',
    default: standard,
    minimum: 0,
  } as const;
}

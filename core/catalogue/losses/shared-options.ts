import type { ChoiceOption, ListOption, NumberOption } from '../declare.ts';

/** What is reported of a run is a mean over the samples either way. */
export const reduction = {
  kind: 'choice',
  label: 'Reduction',
  help: 'Whether the losses of a batch are averaged or summed.',
  values: [
    ['mean', 'mean'],
    ['sum', 'sum'],
  ],
  default: 'mean',
  refusal: 'must be mean or sum: training needs one number for a batch',
} as const satisfies ChoiceOption;

export const classWeights = {
  kind: 'list',
  label: 'Class weights',
  help: 'Weight of each class in the loss, separated by commas. Use it for unbalanced classes.',
  default: null,
  standard: 'all 1',
  minimum: 0,
} as const satisfies ListOption;

/** -100 is no class: PyTorch's default. */
export const ignoreIndex = {
  kind: 'integer',
  label: 'Ignored class',
  help: 'Index of a class, counted from 0, whose samples are ignored in the loss.',
  default: -100,
  standard: 'none',
  minimum: 0,
} as const satisfies NumberOption;

export function margin<const Value extends number>(standard: Value, help: string) {
  return { kind: 'number', label: 'Margin', help, default: standard } as const;
}

export function eps<const Value extends number>(standard: Value) {
  return {
    kind: 'number',
    label: 'Epsilon',
    help: 'Small constant that keeps logarithms and divisions finite.',
    default: standard,
    above: 0,
    isOnlyInFile: true,
  } as const;
}

export function norm<const Value extends number>(standard: Value) {
  return {
    kind: 'number',
    label: 'Norm',
    help: 'Degree of the norm: 2 is Euclidean, 1 sums absolute values.',
    default: standard,
    above: 0,
  } as const;
}

import { loss } from './loss-type.ts';
import { classWeights, ignoreIndex, margin, reduction } from './shared-options.ts';

/** The network gives one number a class, and each sample has one class. */
export const classLosses = [
  loss({
    type: 'CrossEntropy',
    title: 'Cross entropy',
    options: {
      labelSmoothing: {
        kind: 'number',
        label: 'Label smoothing',
        help: 'Fraction of the target that is spread evenly over all classes: 0 to 1, default 0.',
        default: 0,
        minimum: 0,
        maximum: 1,
      },
      classWeights,
      ignoreIndex,
      reduction,
    },
  }),
  loss({
    type: 'NLL',
    title: 'Negative log likelihood',
    options: { classWeights, ignoreIndex, reduction },
    expects: 'logarithms',
  }),
  loss({
    type: 'MultiMargin',
    title: 'Multi-class margin',
    options: {
      p: {
        kind: 'choice',
        label: 'Power',
        help: 'Exponent of the margin violation.',
        values: [
          [1, '1'],
          [2, '2'],
        ],
        default: 1,
      },
      margin: margin(1, 'Minimum difference between the score of the true class and every other score.'),
      classWeights,
      reduction,
    },
  }),
  loss({ type: 'MultiLabelMargin', title: 'Multi-label margin', options: { reduction } }),
] as const;

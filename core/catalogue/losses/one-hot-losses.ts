import { loss } from './loss-type.ts';
import { classWeights, reduction } from './shared-options.ts';

/** The network gives one number a class; the target is one-hot, of SoftMargin 1 and -1. */
export const oneHotLosses = [
  loss({
    type: 'BCE',
    title: 'Binary cross entropy',
    options: { classWeights, reduction },
    expects: 'probabilities',
  }),
  loss({
    type: 'BCEWithLogits',
    title: 'Binary cross entropy with logits',
    options: {
      positiveWeights: {
        kind: 'list',
        label: 'Positive weights',
        help: 'Weights of the positive samples of each class, separated by commas.',
        default: null,
        standard: 'all 1',
        minimum: 0,
      },
      classWeights,
      reduction,
    },
  }),
  loss({
    type: 'KLDiv',
    title: 'Kullback–Leibler divergence',
    options: {
      logTarget: {
        kind: 'switch',
        label: 'Log target',
        help: 'The targets are logarithms of probabilities instead of probabilities.',
        default: false,
        isOnlyInFile: true,
      },
      reduction: {
        kind: 'choice',
        label: 'Reduction',
        help: 'Averages over all elements, sums them, or averages over the samples, which gives the mathematical divergence.',
        values: [
          ['mean', 'mean of all elements'],
          ['sum', 'sum'],
          ['batchmean', 'mean of the samples'],
        ],
        default: 'mean',
        refusal: 'must be mean, sum or batchmean: training needs one number for a batch',
      },
    },
    expects: 'logarithms',
  }),
  loss({ type: 'MultiLabelSoftMargin', title: 'Multi-label soft margin', options: { classWeights, reduction } }),
  loss({ type: 'SoftMargin', title: 'Soft margin', options: { reduction } }),
] as const;

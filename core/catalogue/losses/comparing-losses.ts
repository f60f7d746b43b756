import { loss } from './loss-type.ts';
import { eps, margin, norm, reduction } from './shared-options.ts';

const apart = 'Dissimilar samples add to the loss only if they are closer than this.';

/** Between samples, and between sequences. */
export const comparingLosses = [
  loss({
    type: 'CosineEmbedding',
    title: 'Cosine embedding',
    options: { margin: margin(0, apart), reduction },
    compares: 'pairs of similar or dissimilar samples',
  }),
  loss({
    type: 'HingeEmbedding',
    title: 'Hinge embedding',
    options: { margin: margin(1, apart), reduction },
    compares: 'pairs of similar or dissimilar samples',
  }),
  loss({
    type: 'MarginRanking',
    title: 'Margin ranking',
    options: { margin: margin(0, 'Minimum difference between the scores of the two samples.'), reduction },
    compares: 'ranked pairs of samples',
  }),
  loss({
    type: 'CosineSimilarity',
    title: 'Cosine similarity',
    options: {
      dim: {
        kind: 'integer',
        label: 'Dimension',
        help: 'Dimension along which the similarity is computed. Dimension 0 is the batch.',
        default: 1,
      },
      eps: eps(1e-8),
      reduction,
    },
    compares: 'pairs of samples',
  }),
  loss({
    type: 'TripletMargin',
    title: 'Triplet margin',
    options: {
      margin: margin(1, 'Minimum difference between the distances to the negative and the positive sample.'),
      p: norm(2),
      swap: {
        kind: 'switch',
        label: 'Swap',
        help: 'Uses the distance between the positive and the negative sample if it is smaller (Balntas et al. 2016).',
        default: false,
      },
      eps: eps(1e-6),
      reduction,
    },
    compares: 'triplets of an anchor, a positive and a negative sample',
  }),
  // Of log-probabilities of a sequence's steps; the labels are a shorter sequence.
  loss({
    type: 'CTC',
    title: 'Connectionist temporal classification',
    options: {
      blank: {
        kind: 'integer',
        label: 'Blank',
        help: 'Index of the blank label, counted from 0.',
        default: 0,
        minimum: 0,
      },
      zeroInfinity: {
        kind: 'switch',
        label: 'Zero infinity',
        help: 'Treats infinite losses and their gradients as zero.',
        default: false,
      },
      reduction,
    },
    compares: 'sequences with shorter label sequences',
  }),
] as const;

import { betas, eps } from './moments.ts';
import { optimizer } from './optimizer-type.ts';

/**
 * Jordan 2024. Weights of two and more dimensions by Muon, convolutions as matrices of their outputs by all else, as
 * he does (torch.optim.Muon itself takes matrices only); biases, norms and embeddings by AdamW with `betas`, or by SGD,
 * with the same rate and decay, which a group of them changes. A group can leave weights to these others too.
 */
export const muon = optimizer({
  type: 'Muon',
  options: {
    momentum: {
      kind: 'number',
      label: 'Momentum',
      help: 'Fraction of the previous step added to the next one, below 1.',
      default: 0.95,
      minimum: 0,
      below: 1,
    },
    nesterov: {
      kind: 'switch',
      label: 'Nesterov',
      help: 'Uses Nesterov momentum.',
      default: true,
    },
    nsSteps: {
      kind: 'integer',
      label: 'Iterations',
      help: 'Number of Newton–Schulz iterations. More of them make each update closer to orthogonal.',
      default: 5,
      minimum: 1,
      maximum: 99,
    },
    nsCoefficients: {
      kind: 'tuple',
      label: 'Coefficients',
      help: 'Coefficients of the Newton–Schulz polynomial.',
      labels: ['First coefficient', 'Second coefficient', 'Third coefficient'],
      default: [3.4445, -4.775, 2.0315],
      isOnlyInFile: true,
    },
    eps: { ...eps(1e-7), isOnlyInFile: true },
    adjustLr: {
      kind: 'choice',
      label: 'Learning rate scale',
      help: 'How the learning rate is scaled by the shape of a matrix: as in the original Muon, or to match learning rates of AdamW.',
      engineName: 'adjust_lr_fn',
      values: [
        ['original', 'original'],
        ['match_rms_adamw', 'match AdamW'],
      ],
      default: 'original',
    },
    normaliseWeights: {
      kind: 'switch',
      label: 'Normalise weights',
      help: 'Scales each matrix to a norm of √rows before each step, so that a learning rate has the same effect on every layer.',
      default: false,
    },
    others: {
      kind: 'choice',
      label: 'Other parameters',
      help: 'The optimizer of biases, norms, embeddings and weights of groups that Muon leaves out.',
      values: [
        ['AdamW', 'AdamW'],
        ['SGD', 'SGD'],
      ],
      default: 'AdamW',
    },
    betas,
    othersMomentum: {
      kind: 'number',
      label: 'Other momentum',
      help: 'SGD for the other parameters: fraction of the previous step added to the next one, below 1.',
      default: 0.9,
      minimum: 0,
      below: 1,
    },
    othersNesterov: {
      kind: 'switch',
      label: 'Other Nesterov',
      help: 'SGD for the other parameters: uses Nesterov momentum, which needs a momentum above 0.',
      default: false,
    },
  },
  weightDecay: 0.1,
  copies: () => 1,
  conflict: ({ othersNesterov, othersMomentum }) =>
    othersNesterov && othersMomentum === 0 ? 'can use othersNesterov only with an othersMomentum above 0' : null,
  note: 'Biases, norms and embeddings are optimized by AdamW with these betas, or by SGD, with the same learning rate.',
});

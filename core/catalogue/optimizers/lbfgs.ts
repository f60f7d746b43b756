import { optimizer } from './optimizer-type.ts';

/**
 * Liu and Nocedal 1989: several evaluations of a batch make one step. It takes all parameters alike, without decay or
 * groups, and keeps `historySize` moves and gradients as large as the network, in memory and in checkpoints.
 */
export const lbfgs = optimizer({
  type: 'LBFGS',
  title: 'L-BFGS',
  options: {
    maxIter: {
      kind: 'integer',
      label: 'Iterations per step',
      help: 'Maximum number of iterations per step. Each evaluates the same batch again.',
      default: 20,
      minimum: 1,
    },
    maxEval: {
      kind: 'integer',
      label: 'Evaluations per step',
      help: 'Maximum number of loss and gradient evaluations per step. Default: 5/4 of the iterations.',
      default: ({ maxIter }) => Math.floor((Number(maxIter) * 5) / 4),
      minimum: 1,
    },
    toleranceGrad: {
      kind: 'number',
      label: 'Gradient tolerance',
      help: 'A step ends when no element of the gradient is larger than this.',
      default: 1e-7,
      minimum: 0,
    },
    toleranceChange: {
      kind: 'number',
      label: 'Change tolerance',
      help: 'A step ends when the loss or the weights change by less than this.',
      default: 1e-9,
      minimum: 0,
    },
    historySize: {
      kind: 'integer',
      label: 'History size',
      help: 'Number of past updates that estimate the curvature. Each takes twice the memory of the weights, also in checkpoints.',
      default: 100,
      minimum: 1,
    },
    lineSearch: {
      kind: 'choice',
      label: 'Line search',
      help: 'Chooses the step size by the strong Wolfe conditions instead of the learning rate.',
      engineName: 'line_search_fn',
      values: [['strong_wolfe', 'strong Wolfe conditions']],
      default: null,
    },
  },
  weightDecay: null,
  copies: ({ historySize }) => 2 * historySize + 3,
  note: 'The usual learning rate is 1. L-BFGS has no weight decay and no parameter groups.',
  learnsAlone: true,
});

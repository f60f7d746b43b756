import { loss } from './loss-type.ts';
import { eps, norm, reduction } from './shared-options.ts';

const squareBelow = {
  label: 'Threshold',
  help: 'Differences below the threshold are squared; larger ones count linearly.',
} as const;

/** The network gives as many numbers as the target has: those of a regression, or one a class. */
export const numberLosses = [
  loss({ type: 'MSE', title: 'Mean squared error', options: { reduction }, takesNumbers: true }),
  loss({ type: 'L1', title: 'Mean absolute error', options: { reduction }, takesNumbers: true }),
  loss({
    type: 'SmoothL1',
    title: 'Smooth L1',
    options: { beta: { kind: 'number', ...squareBelow, default: 1, minimum: 0 }, reduction },
    takesNumbers: true,
  }),
  loss({
    type: 'Huber',
    title: 'Huber',
    options: { delta: { kind: 'number', ...squareBelow, default: 1, above: 0 }, reduction },
    takesNumbers: true,
  }),
  loss({
    type: 'PoissonNLL',
    title: 'Poisson negative log likelihood',
    options: {
      logInput: {
        kind: 'switch',
        label: 'Log input',
        help: 'The network outputs the logarithm of the rate instead of the rate.',
        default: true,
      },
      full: {
        kind: 'switch',
        label: 'Full loss',
        help: "Adds the constant term, by Stirling's approximation.",
        default: false,
      },
      eps: eps(1e-8),
      reduction,
    },
    takesNumbers: true,
  }),
  // Distance of each sample's output from its target.
  loss({
    type: 'PairwiseDistance',
    title: 'Pairwise distance',
    options: { p: norm(2), eps: eps(1e-6), reduction },
    takesNumbers: true,
  }),
] as const;

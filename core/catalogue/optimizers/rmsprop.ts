import { eps } from './moments.ts';
import { optimizer } from './optimizer-type.ts';

/** Tieleman and Hinton 2012; `centered` as Graves 2013. */
export const rmsprop = optimizer({
  type: 'RMSprop',
  options: {
    alpha: {
      kind: 'number',
      label: 'Alpha',
      help: 'Decay rate of the running average of the squared gradient, below 1.',
      default: 0.99,
      minimum: 0,
      below: 1,
    },
    eps: eps(1e-8),
    momentum: {
      kind: 'number',
      label: 'Momentum',
      help: 'Fraction of the previous step added to the next one: 0 to below 1, often 0.9.',
      default: 0,
      minimum: 0,
    },
    centered: {
      kind: 'switch',
      label: 'Centred',
      help: 'Normalises by the variance of the gradient instead of its mean square.',
      default: false,
    },
  },
  weightDecay: 0,
  copies: ({ momentum, centered }) => 1 + (momentum > 0 ? 1 : 0) + (centered ? 1 : 0),
});

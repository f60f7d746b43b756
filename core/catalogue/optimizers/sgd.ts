import { optimizer } from './optimizer-type.ts';

export const sgd = optimizer({
  type: 'SGD',
  options: {
    momentum: {
      kind: 'number',
      label: 'Momentum',
      help: 'Fraction of the previous step added to the next one: 0 to below 1, often 0.9.',
      default: 0,
      minimum: 0,
    },
    dampening: {
      kind: 'number',
      label: 'Dampening',
      help: 'Fraction of the gradient that is left out of the momentum.',
      default: 0,
    },
    nesterov: {
      kind: 'switch',
      label: 'Nesterov',
      help: 'Uses Nesterov momentum, which needs a momentum above 0 and no dampening.',
      default: false,
    },
  },
  weightDecay: 0,
  copies: ({ momentum }) => (momentum > 0 ? 1 : 0),
  conflict: ({ nesterov, momentum, dampening }) =>
    nesterov && (momentum <= 0 || dampening !== 0)
      ? 'can use nesterov only with a momentum above 0 and without dampening'
      : null,
});

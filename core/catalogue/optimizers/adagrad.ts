import { eps } from './moments.ts';
import { optimizer } from './optimizer-type.ts';

/** Duchi et al. 2011. */
export const adagrad = optimizer({
  type: 'Adagrad',
  options: {
    lrDecay: {
      kind: 'number',
      label: 'Learning rate decay',
      help: 'Divides the learning rate by 1 + steps · decay. Default 0.',
      default: 0,
      minimum: 0,
    },
    initialAccumulatorValue: {
      kind: 'number',
      label: 'Initial accumulator value',
      help: 'Initial value of the sum of squared gradients.',
      default: 0,
      minimum: 0,
    },
    eps: eps(1e-10),
  },
  weightDecay: 0,
  copies: () => 1,
});

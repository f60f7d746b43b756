import { betas, eps } from './moments.ts';
import { optimizer } from './optimizer-type.ts';

/** You et al. 2019, algorithm 2, with the defaults of the paper. */
export const lamb = optimizer({
  type: 'LAMB',
  options: {
    betas,
    eps: eps(1e-6),
    trustClip: {
      kind: 'switch',
      label: 'Trust ratio ≤ 1',
      help: 'Clips the ratio between the norm of the weights and the norm of the step at 1.',
      default: false,
    },
  },
  weightDecay: 0,
  copies: () => 2,
});

import { betas, eps } from './moments.ts';
import { optimizer } from './optimizer-type.ts';

const options = {
  betas,
  eps: eps(1e-8),
  amsgrad: {
    kind: 'switch',
    label: 'AMSGrad',
    help: 'Divides by the maximum of the second moment so far instead of its current value.',
    default: false,
  },
} as const;

const copies = ({ amsgrad }: { readonly amsgrad: boolean }) => (amsgrad ? 3 : 2);

export const adam = optimizer({ type: 'Adam', options, weightDecay: 0, copies });

export const adamw = optimizer({ type: 'AdamW', options, weightDecay: 0.01, copies });

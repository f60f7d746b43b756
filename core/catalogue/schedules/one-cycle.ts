import { annealed } from './anneal.ts';
import { schedule } from './schedule-type.ts';
import { rate } from './shared-options.ts';

/**
 * Smith 2018, as torch.optim.lr_scheduler.OneCycleLR with two phases: up from rate / div to rate, down to
 * rate / div / finalDiv at the very last step.
 */
export const oneCycle = schedule({
  type: 'OneCycle',
  title: 'One cycle',
  options: {
    rate: { ...rate, label: 'Maximum rate' },
    percentageUp: {
      kind: 'number',
      label: 'Rising fraction',
      help: 'Fraction of the training in which the learning rate rises: 0 to 1, default 0.3.',
      default: 0.3,
      minimum: 0,
      maximum: 1,
    },
    div: {
      kind: 'number',
      label: 'Initial divisor',
      help: 'The learning rate starts at the maximum divided by this number. Default 25.',
      default: 25,
      above: 0,
    },
    finalDiv: {
      kind: 'number',
      label: 'Final divisor',
      help: 'The learning rate ends at its initial value divided by this number. Default 10,000.',
      default: 1e4,
      above: 0,
    },
    anneal: {
      kind: 'choice',
      label: 'Annealing',
      help: 'Shape of the rise and fall: cosine or linear.',
      values: [
        ['cosine', 'cosine'],
        ['linear', 'line'],
      ],
      default: 'cosine',
    },
  },
  rate: ({ rate: peak, percentageUp, div, finalDiv, anneal }, { epochs, stepsPerEpoch }) => {
    const steps = epochs * stepsPerEpoch;
    const first = peak / div;
    const top = percentageUp * steps - 1;
    const last = steps - 1;
    return ({ stepOfAll }) =>
      stepOfAll <= top
        ? annealed(anneal, first, peak, top === 0 ? 1 : stepOfAll / top)
        : annealed(anneal, peak, first / finalDiv, (stepOfAll - top) / (last - top));
  },
});

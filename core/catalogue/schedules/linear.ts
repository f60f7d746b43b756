import { annealed } from './anneal.ts';
import { schedule } from './schedule-type.ts';
import { rate } from './shared-options.ts';

/** From rate to `end` over all epochs, per step. */
export const linear = schedule({
  type: 'Linear',
  title: 'Linear',
  options: {
    rate,
    end: {
      kind: 'number',
      label: 'Final rate',
      help: 'Learning rate at the end of the training.',
      default: 0,
      minimum: 0,
      isRequired: true,
    },
  },
  rate: ({ rate, end }, { epochs, stepsPerEpoch }) => {
    const steps = epochs * stepsPerEpoch;
    return ({ stepOfAll }) => annealed('linear', rate, end, stepOfAll / steps);
  },
});

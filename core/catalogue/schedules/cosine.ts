import { annealed } from './anneal.ts';
import { schedule } from './schedule-type.ts';
import { lowest, rate } from './shared-options.ts';

/** Half a cosine from rate to `floor` over all epochs. With `clampFloor` as in the LAMB recipe. */
export const cosine = schedule({
  type: 'Cosine',
  title: 'Cosine',
  options: {
    rate,
    floor: lowest('Minimum rate'),
    clampFloor: {
      kind: 'switch',
      label: 'Cut off at the minimum',
      help: 'The cosine falls to 0 and is cut off at the minimum rate, instead of ending there.',
      default: false,
    },
    per: {
      kind: 'choice',
      label: 'Update',
      help: 'Whether the learning rate changes every epoch or every step.',
      values: [
        ['epoch', 'every epoch'],
        ['step', 'every step'],
      ],
      default: 'epoch',
    },
  },
  rate: ({ rate, floor, clampFloor, per }, { epochs, stepsPerEpoch }) => {
    const steps = epochs * stepsPerEpoch;
    return ({ epoch, stepOfAll }) => {
      const done = per === 'step' ? stepOfAll / steps : epoch / epochs;
      return clampFloor ? Math.max(floor, annealed('cosine', rate, 0, done)) : annealed('cosine', rate, floor, done);
    };
  },
});

import { annealed } from './anneal.ts';
import { schedule } from './schedule-type.ts';
import { lowest, rate } from './shared-options.ts';

/** Loshchilov and Hutter 2017: cosine cycles with restart, per step. */
export const cosineCycles = schedule({
  type: 'CosineCycles',
  title: 'Cosine cycles',
  options: {
    rate,
    length: {
      kind: 'number',
      label: 'First cycle, epochs',
      help: 'Length of the first cycle in epochs.',
      default: 1,
      above: 0,
      isRequired: true,
    },
    multiplier: {
      kind: 'number',
      label: 'Cycle multiplier',
      help: 'Factor by which each cycle is longer than the previous one.',
      default: 1,
      minimum: 1,
    },
    floor: lowest('Minimum rate'),
  },
  begin: () => ({ multiplier: 2 }),
  rate: (options, { stepsPerEpoch }) => {
    const first = options.length * stepsPerEpoch;
    return ({ stepOfAll }) => annealed('cosine', options.rate, options.floor, doneOfCycle(first, options, stepOfAll));
  },
});

/** How much of its cycle is done before a step. Counted in steps: whole numbers restart exactly. */
function doneOfCycle(first: number, { multiplier }: { readonly multiplier: number }, step: number): number {
  let start = 0;
  let current = first;
  while (step >= start + current) {
    start += current;
    current *= multiplier;
  }
  return (step - start) / current;
}

import { schedule } from './schedule-type.ts';

/** Epoch k has rates[k mod n]. */
export const list = schedule({
  type: 'List',
  title: 'List of rates',
  options: {
    rates: {
      kind: 'list',
      label: 'Rates',
      help: 'One learning rate per epoch, separated by commas. The list repeats when it ends.',
      default: [0.01],
      minimum: 0,
      isRequired: true,
    },
  },
  begin: (rate) => ({ rates: [rate] }),
  firstRate: ({ rates }) => rates[0] ?? 0.01,
  rate:
    ({ rates }) =>
    ({ epoch }) =>
      rates[epoch % rates.length]!,
});

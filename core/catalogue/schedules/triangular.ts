import { schedule } from './schedule-type.ts';
import { lowest, rate } from './shared-options.ts';

const help = 'Length of this side of the triangle in epochs.';

/** Smith 2017, as torch.optim.lr_scheduler.CyclicLR. Counted in steps: whole numbers turn exactly. */
export const triangular = schedule({
  type: 'Triangular',
  title: 'Triangles',
  options: {
    rate,
    floor: lowest('Minimum rate'),
    up: { kind: 'number', label: 'Rise, epochs', help, default: 2, above: 0, isRequired: true },
    down: { kind: 'number', label: 'Fall, epochs', help, default: ({ up }) => Number(up), above: 0 },
    halves: {
      kind: 'switch',
      label: 'Halve peaks',
      help: 'Each triangle is half as high as the previous one.',
      default: false,
    },
  },
  begin: (rate) => ({ floor: rate / 10 }),
  rate: ({ rate, floor, up, down, halves }, { stepsPerEpoch }) => {
    const rise = up * stepsPerEpoch;
    const length = rise + down * stepsPerEpoch;
    return ({ stepOfAll }) => {
      const cycle = Math.floor(stepOfAll / length);
      const done = stepOfAll - cycle * length;
      const height = done <= rise ? done / rise : (length - done) / (length - rise);
      return floor + (rate - floor) * height * (halves ? 0.5 ** cycle : 1);
    };
  },
});

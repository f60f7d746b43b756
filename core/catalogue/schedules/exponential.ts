import { schedule } from './schedule-type.ts';
import { gamma, rate } from './shared-options.ts';

/** torch.optim.lr_scheduler.ExponentialLR. */
export const exponential = schedule({
  type: 'Exponential',
  title: 'Exponential',
  options: { rate, gamma: gamma('Factor per epoch', 0.9) },
  rate:
    ({ rate, gamma }) =>
    ({ epoch }) =>
      rate * gamma ** epoch,
});

import { schedule } from './schedule-type.ts';
import { gamma, rate } from './shared-options.ts';

/** torch.optim.lr_scheduler.StepLR. */
export const step = schedule({
  type: 'Step',
  title: 'Step',
  options: {
    rate,
    every: {
      kind: 'integer',
      label: 'Step size, epochs',
      help: 'Number of epochs between two changes of the learning rate.',
      default: 10,
      minimum: 1,
      isRequired: true,
    },
    gamma: gamma('times', 0.1),
  },
  rate:
    ({ rate, every, gamma }) =>
    ({ epoch }) =>
      rate * gamma ** Math.floor(epoch / every),
});

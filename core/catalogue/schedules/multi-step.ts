import { schedule } from './schedule-type.ts';
import { gamma, rate } from './shared-options.ts';

/** torch.optim.lr_scheduler.MultiStepLR; epochs count from 0. */
export const multiStep = schedule({
  type: 'MultiStep',
  title: 'Multi-step',
  options: {
    rate,
    milestones: {
      kind: 'list',
      label: 'Milestones, epochs',
      help: 'Epochs after which the learning rate is multiplied by the factor, in ascending order, separated by commas.',
      default: [10, 15],
      isWhole: true,
      minimum: 1,
      isRequired: true,
      conflict: (epochs) =>
        epochs.every((epoch, index) => epoch > (epochs[index - 1] ?? 0))
          ? null
          : 'must be epochs in order, each later than the one before',
    },
    gamma: gamma('times', 0.1),
  },
  rate:
    ({ rate, milestones, gamma }) =>
    ({ epoch }) =>
      rate * gamma ** milestones.filter((milestone) => milestone <= epoch).length,
});

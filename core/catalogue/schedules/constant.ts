import { schedule } from './schedule-type.ts';
import { rate } from './shared-options.ts';

export const constant = schedule({
  type: 'Constant',
  title: 'Constant',
  options: { rate },
  rate:
    ({ rate }) =>
    () =>
      rate,
});

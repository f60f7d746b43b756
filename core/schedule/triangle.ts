import type { ScheduleShape } from '../project/schedule.ts';

/** torch.optim.lr_scheduler.CyclicLR. Counted in steps: whole numbers turn exactly. */
export function triangleRate(
  { rate, floor = 0, up, down = up, halves = false }: Extract<ScheduleShape, { type: 'Triangular' }>,
  step: number,
  stepsPerEpoch: number,
): number {
  const rise = up * stepsPerEpoch;
  const length = rise + down * stepsPerEpoch;
  const cycle = Math.floor(step / length);
  const done = step - cycle * length;
  const height = done <= rise ? done / rise : (length - done) / (length - rise);
  return floor + (rate - floor) * height * (halves ? 0.5 ** cycle : 1);
}

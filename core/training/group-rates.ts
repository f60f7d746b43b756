import type { Schedule } from '../project/project.ts';
import { ratesOfEpoch } from '../schedule/rates.ts';
import type { Span } from '../schedule/rates.ts';
import type { PlanTraining } from './plan.ts';

/** Learning rates of a group of parameters in one epoch, where they are not the schedule's times the group's factor. */
export interface GroupRates {
  /** Its place among the plan's groups. */
  readonly group: number;
  /** One an optimizer step; none: the group is not trained in this epoch. */
  readonly rates: Float64Array;
}

/** Of one epoch, counted from 0. */
export function groupRatesOfEpoch(
  { groups }: Pick<PlanTraining['optimizer'], 'groups'>,
  schedule: Schedule,
  epoch: number,
  span: Span,
): readonly GroupRates[] {
  const ofWholeSchedules = groups.flatMap(({ learningRateFactor, untilEpoch = 0, wholeSchedule }, group) => {
    if (wholeSchedule !== true || epoch >= untilEpoch) return [];
    const rates = ratesOfEpoch(schedule, epoch, { ...span, epochs: untilEpoch });
    return [{ group, rates: rates.map((rate) => rate * learningRateFactor) }];
  });
  return [...untrainedGroups({ groups }, epoch), ...ofWholeSchedules];
}

/** Those that have ended before this epoch, counted from 0. */
export function untrainedGroups(
  { groups }: Pick<PlanTraining['optimizer'], 'groups'>,
  epoch: number,
): readonly GroupRates[] {
  return groups.flatMap(({ untilEpoch = Infinity }, group) =>
    epoch >= untilEpoch ? [{ group, rates: new Float64Array() }] : [],
  );
}

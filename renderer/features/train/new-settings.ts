/** What a setting of several kinds begins with when another kind is chosen: what both have stays. */

import { evaluateViewTypes } from '../../../core/catalogue/evaluate-views.ts';
import { decide, requiredOptions } from '../../../core/catalogue/derive/decide.ts';
import { lossTypes } from '../../../core/catalogue/losses/losses.ts';
import { optimizerType, optimizerTypes } from '../../../core/catalogue/optimizers/optimizers.ts';
import { scheduleType, scheduleTypes } from '../../../core/catalogue/schedules/schedules.ts';
import { isFed } from '../../../core/training/loss-needs.ts';
import type { Loss, Optimizer, ParameterGroup, Schedule, ScheduleShape } from '../../../core/project/project.ts';

/** Those that a data set can feed. */
export const lossChoices: readonly (readonly [Loss['type'], string])[] = lossTypes
  .filter(({ type }) => isFed(type))
  .map(({ type, title }) => [type, title]);

export const optimizerChoices: readonly (readonly [Optimizer['type'], string])[] = optimizerTypes.map(
  ({ type, title = type }: { readonly type: Optimizer['type']; readonly title?: string }) => [type, title],
);

export const scheduleChoices: readonly (readonly [ScheduleShape['type'], string])[] = [
  ...scheduleTypes.map(({ type, title }) => [type, title] as const),
  ['Phases', 'Phases'],
];

export const evaluateViewChoices: readonly (readonly [string, string])[] = [
  ['plain', 'one'],
  ...evaluateViewTypes.map(({ name, title }) => [name, title] as const),
];

export function newLoss(type: Loss['type']): Loss {
  return { type };
}

/** With the options that both declare alike, and what all take that know groups of parameters. */
export function newOptimizer(type: Optimizer['type'], before: Optimizer): Optimizer {
  const [next, last] = [optimizerType(type), optimizerType(before.type)];
  const shared = ['weightDecay', 'decayOnlyWeights', 'groups'];
  const stays = ([name]: readonly [string, unknown]): boolean =>
    shared.includes(name)
      ? next.weightDecay !== null
      : next.options[name] !== undefined && next.options[name] === last.options[name];
  const kept = Object.fromEntries(Object.entries(before).filter(stays)) as Pick<Optimizer, 'groups'>;
  const isByMuon = type === 'Muon' || kept.groups === undefined;
  return { type, ...kept, ...(isByMuon ? {} : { groups: kept.groups.map(withoutMuon) }) } as Optimizer;
}

function withoutMuon(group: ParameterGroup): ParameterGroup {
  return Object.fromEntries(Object.entries(group).filter(([field]) => field !== 'byMuon'));
}

/** For the discriminator, of the generator's: without the groups, which may name the generator's modules. */
export function ownOptimizer(optimizer: Optimizer): Optimizer {
  return Object.fromEntries(Object.entries(optimizer).filter(([field]) => field !== 'groups')) as unknown as Optimizer;
}

export function newSchedule(type: ScheduleShape['type'], before: Schedule): Schedule {
  const { warmup } = before;
  return { ...newShape(type, before), ...(warmup === undefined ? {} : { warmup }) };
}

export function newShape(type: ScheduleShape['type'], before: ScheduleShape): ScheduleShape {
  const rate = rateOf(before);
  if (type === 'Phases') return { type, phases: [{ epochs: 1, shape: { type: 'Constant', rate } }] };
  const { options, begin = () => ({}) } = scheduleType(type);
  return { type, ...requiredOptions(options), ...('rate' in options ? { rate } : {}), ...begin(rate) } as ScheduleShape;
}

/** The rate it begins from. */
export function rateOf(shape: ScheduleShape): number {
  if (shape.type === 'Phases') return rateOf(shape.phases[0]!.shape);
  const { options, firstRate = ({ rate }) => Number(rate) } = scheduleType(shape.type);
  return firstRate(decide(options, shape));
}

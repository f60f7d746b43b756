import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { cosineCycles } from './cosine-cycles.ts';
import { exponential } from './exponential.ts';
import { linear } from './linear.ts';
import { list } from './list.ts';
import { multiStep } from './multi-step.ts';
import { oneCycle } from './one-cycle.ts';
import { reduceOnPlateau } from './reduce-on-plateau.ts';
import type { ScheduleType } from './schedule-type.ts';
import { step } from './step.ts';
import { triangular } from './triangular.ts';

/** All there are, in the order of the window's list. Phases put several of them one after another. */
export const scheduleTypes = [
  constant,
  step,
  multiStep,
  exponential,
  cosine,
  cosineCycles,
  linear,
  oneCycle,
  triangular,
  reduceOnPlateau,
  list,
] as const;

export type ScheduleName = (typeof scheduleTypes)[number]['type'];

const byName = new Map<string, ScheduleType>(
  scheduleTypes.map((entry) => [entry.type, entry as unknown as ScheduleType]),
);

export function scheduleType(name: ScheduleName): ScheduleType {
  return byName.get(name)!;
}

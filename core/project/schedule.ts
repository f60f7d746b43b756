import type { WrittenSchedule } from '../catalogue/schedules/schedule-type.ts';
import type { scheduleTypes } from '../catalogue/schedules/schedules.ts';

/** How the learning rate changes over the training. Steps are optimizer steps. */
export type Schedule = ScheduleShape & { readonly warmup?: Warmup };

/** Linear from `factor`·rate to the schedule's own rate. `fraction` of all steps, or `steps`, or `epochs`. */
export interface Warmup {
  readonly steps?: number;
  readonly epochs?: number;
  readonly fraction?: number;
  /** Default 0. */
  readonly factor?: number;
}

/** Options are those of `core/catalogue/schedules`. */
export type ScheduleShape = WrittenSchedule<(typeof scheduleTypes)[number]> | Phases;

/** Phases one after another, each with a length in epochs and its own shape over just those: fit(.1, 2), then cycles. */
interface Phases {
  readonly type: 'Phases';
  readonly phases: readonly { readonly epochs: number; readonly shape: ScheduleShape }[];
}

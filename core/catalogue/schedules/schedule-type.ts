import type { Complete, Options, Written } from '../declare.ts';

/** One entry of the catalogue: how the learning rate changes over a training. */
export interface ScheduleType<Declared extends Options = Options> {
  readonly type: string;
  readonly title: string;
  readonly options: Declared;
  /** What a new one begins with beside its defaults, in the place of another one of this rate. */
  readonly begin?: (rate: number) => Partial<Written<Declared>>;
  /** The rate that it begins from, where that is no option called `rate`. */
  readonly firstRate?: (options: Complete<Declared>) => number;
  /** Its rates depend on figures that only training gives. */
  readonly followsFigures?: true;
  /** The rate of every optimizer step of a training of that length. */
  readonly rate: (options: Complete<Declared>, span: TrainingSpan) => (step: ScheduledStep) => number;
}

/** Length of a training, in epochs and in optimizer steps an epoch. */
export interface TrainingSpan {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Of the epochs trained so far, from the first. */
  readonly past?: readonly EpochFigures[];
}

/** What of a trained epoch a schedule may look at. A regression has no accuracy. */
export interface EpochFigures {
  readonly train: { readonly loss: number };
  readonly test: { readonly loss: number; readonly accuracy?: number };
}

/** All count from 0. */
export interface ScheduledStep {
  readonly epoch: number;
  /** Of the epoch. */
  readonly step: number;
  readonly stepOfAll: number;
}

/** Checks a declaration, and keeps its exact name and options. */
export function schedule<const Name extends string, const Declared extends Options>(
  declaration: ScheduleType<Declared> & { readonly type: Name },
): ScheduleType<Declared> & { readonly type: Name } {
  return declaration;
}

/** What a project writes of an entry. */
export type WrittenSchedule<Entry> =
  Entry extends ScheduleType<infer Declared>
    ? Entry extends { readonly type: infer Name }
      ? { readonly type: Name } & Written<Declared>
      : never
    : never;

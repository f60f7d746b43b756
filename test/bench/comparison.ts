import type { Measured } from './measure.ts';
import { areAimsReached } from './aims.ts';
import { median } from '../../core/training/median.ts';
import { titleOf } from './tasks.ts';
import type { Task } from './tasks.ts';

/** What runs once in every round: our engine, and Python's loops. */
export const ours = 'engine';
export type Program = typeof ours | 'preloaded' | 'usual, 0 workers' | 'usual, 2 workers';
export type Round = Readonly<Partial<Record<Program, Measured>>>;

export interface Comparison {
  readonly task: string;
  readonly unit: Task['unit'];
  readonly rounds: number;
  /** Medians. */
  readonly loops: Readonly<Record<string, { readonly time: number; readonly peakMB: number }>>;
  /** Python's time divided by ours, of every round; of the usual loops the faster one. */
  readonly ratios: Readonly<Partial<Record<'usual' | 'preloaded', readonly number[]>>>;
  readonly aims: Task['aims'];
  /** Null: this machine has no aim for the task. */
  readonly isReached: boolean | null;
  readonly loadSeconds: number;
}

/** In the order in which they run; every other round the other way about, for machines that become slower with time. */
export function programsOf({ loops }: Pick<Task, 'loops'>, round: number): readonly Program[] {
  const programs: Program[] = [ours];
  if (loops.includes('preloaded')) programs.push('preloaded');
  if (loops.includes('usual')) programs.push('usual, 0 workers', 'usual, 2 workers');
  return round % 2 === 1 ? programs : programs.reverse();
}

export function compareRounds(task: Task, rounds: readonly Round[], instructions: readonly string[]): Comparison {
  const of = (program: Program): Measured[] => rounds.flatMap((round) => round[program] ?? []);
  const secondsPerStep = (program: Program): number => median(of(program).map((measured) => measured.secondsPerStep));
  const loops = Object.fromEntries(
    programsOf(task, 1).map((program) => {
      const peakMB = median(of(program).map(({ peakBytes }) => peakBytes / 1e6));
      return [program, { time: inUnit(task, secondsPerStep(program)), peakMB }];
    }),
  );
  const ratios = {
    ...(task.loops.includes('usual') && { usual: rounds.map(ratioTo('usual, 0 workers', 'usual, 2 workers')) }),
    ...(task.loops.includes('preloaded') && { preloaded: rounds.map(ratioTo('preloaded')) }),
  };
  const microseconds = secondsPerStep(ours) * 1e6;
  return {
    task: titleOf(task),
    unit: task.unit,
    rounds: rounds.length,
    loops,
    ratios,
    aims: task.aims,
    isReached: areAimsReached(task.aims, { ratios, microseconds }, instructions),
    loadSeconds: median(of(ours).map(({ loadSeconds }) => loadSeconds ?? NaN)),
  };
}

/** Of one round: the two were measured within minutes, and share what the machine did beside them. */
function ratioTo(...programs: readonly Program[]): (round: Round) => number {
  return (round) => {
    const times = programs.map((program) => round[program]?.secondsPerStep ?? NaN);
    return Math.min(...times) / (round[ours]?.secondsPerStep ?? NaN);
  };
}

function inUnit({ unit, stepsPerEpoch }: Task, secondsPerStep: number): number {
  if (unit === 'µs a step') return secondsPerStep * 1e6;
  if (unit === 'ms a step') return secondsPerStep * 1e3;
  return unit === 's an epoch' ? secondsPerStep * stepsPerEpoch : secondsPerStep;
}

import type { Project } from '../../core/project/project.ts';
import type { ResumedData } from '../../core/training/run-data.ts';
import type { RunRow } from '../runs/run-index.ts';
import { fail } from '../failures.ts';
import { counted } from '../../core/format.ts';

/** On the command line. */
export const resumedDataFlags: Readonly<Record<ResumedData, string>> = {
  stored: '--stored-data',
  changed: '--data-changed-anyway',
};

/**
 * How many epochs a run that is resumed is to have in all. `epochs`: as asked for; absent: as many as before. `data`:
 * those asked for, which the advice repeats.
 */
export function lengthOfResumed(row: RunRow, epochs: number | undefined, data?: ResumedData): number {
  const done = counted(row.epochsDone, 'epoch');
  const longer =
    `torchwright resume ${row.id} --epochs ${2 * row.epochsDone}` +
    (data === undefined ? '' : ` ${resumedDataFlags[data]}`);
  if (epochs === undefined) {
    if (row.status !== 'finished') return row.epochs;
    fail('badUsage', `Run ${row.id} is already complete (${done}).`, {
      at: row.id,
      advice: `To train it further, set the total number of epochs: ${longer}`,
    });
  }
  if (epochs <= row.epochsDone) {
    fail('badUsage', `Run ${row.id} has been trained for ${done} already, so it cannot end after ${epochs}.`, {
      at: row.id,
      advice: `Set a larger total, which includes the epochs already trained: ${longer}`,
    });
  }
  return epochs;
}

export function ofLength(project: Project, epochs: number): Project {
  return { ...project, recipe: { ...project.recipe, epochs } };
}

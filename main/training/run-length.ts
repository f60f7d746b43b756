import type { Project } from '../../core/project/project.ts';
import type { RunRow } from '../runs/run-index.ts';
import { fail } from '../failures.ts';
import { counted } from '../../core/format.ts';

/** How many epochs a run that is resumed is to have in all. `epochs`: as asked for; absent: as many as before. */
export function lengthOfResumed(row: RunRow, epochs: number | undefined): number {
  const done = counted(row.epochsDone, 'epoch');
  if (epochs === undefined) {
    if (row.status !== 'finished') return row.epochs;
    fail('badUsage', `Run ${row.id} is already complete (${done}).`, {
      at: row.id,
      advice: `To train it further, set the total number of epochs: torchwright resume ${row.id} --epochs ${2 * row.epochsDone}`,
    });
  }
  if (epochs <= row.epochsDone) {
    fail('badUsage', `Run ${row.id} has been trained for ${done} already, so it cannot end after ${epochs}.`, {
      at: row.id,
      advice: `Set a larger total, which includes the epochs already trained: torchwright resume ${row.id} --epochs ${2 * row.epochsDone}`,
    });
  }
  return epochs;
}

export function ofLength(project: Project, epochs: number): Project {
  return { ...project, recipe: { ...project.recipe, epochs } };
}

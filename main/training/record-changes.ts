import type { TrainingChanges } from '../../core/training/events.ts';
import { readProject } from '../projects/open-project.ts';
import { readRunProject, runFolder, writeRunProject } from '../runs/run-folder.ts';

/** Makes the run's project say what holds from now on: a resumed run goes on with it. The markers say since when. */
export async function recordChanges(run: string, changes: TrainingChanges): Promise<void> {
  const project = readProject(await readRunProject(run), runFolder(run));
  const recipe = { ...project.recipe, ...changes };
  await writeRunProject(run, `${JSON.stringify({ ...project, recipe }, null, 2)}\n`);
}

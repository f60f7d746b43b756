import path from 'node:path';
import type { TrainingChanges } from '../../core/training/events.ts';
import { readProject } from '../projects/open-project.ts';
import { readIfThere, replaceFile } from '../files.ts';
import { readRunProject, runFolder, writeRunProject } from '../runs/run-folder.ts';

/** The project as the run began, where settings were changed later. */
function begunFile(run: string): string {
  return path.join(runFolder(run), 'project-begun.json');
}

/** Makes the run's project say what holds from now on: a resumed run goes on with it. The markers say since when. */
export async function recordChanges(run: string, changes: TrainingChanges): Promise<void> {
  const text = await readRunProject(run);
  const project = readProject(text, runFolder(run));
  if ((await readBegunProject(run)) === null) await replaceFile(begunFile(run), text);
  const recipe = { ...project.recipe, ...changes };
  await writeRunProject(run, `${JSON.stringify({ ...project, recipe }, null, 2)}\n`);
}

/** Null: no setting was changed while the run was paused, or by a version that kept only the last ones. */
export async function readBegunProject(run: string): Promise<string | null> {
  return readIfThere(begunFile(run));
}

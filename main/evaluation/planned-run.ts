import type { Project } from '../../core/project/project.ts';
import { asTrained } from '../../core/training/plan-targets.ts';
import { readProject } from '../projects/open-project.ts';
import { readRunProject, runFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { dataOfRun } from '../training/data-of-run.ts';
import { planWith } from '../training/plan-project.ts';
import type { PlannedProject } from '../training/plan-project.ts';

/** A run's project with the classes, the normalisation and the samples that it was trained on. */
export async function plannedRun(run: RunRow): Promise<PlannedProject> {
  const project = await projectOfRun(run);
  const { data, files } = await dataOfRun(run, project);
  return planWith(project, { ...data, ...files }, { threads: run.threads, seed: run.seed });
}

export async function projectOfRun(run: Pick<RunRow, 'id'>): Promise<Project> {
  return asTrained(readProject(await readRunProject(run.id), runFolder(run.id)));
}

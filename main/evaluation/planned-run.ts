import { readProject } from '../projects/open-project.ts';
import { readRunProject, runFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { planProject } from '../training/plan-project.ts';
import type { PlannedProject } from '../training/plan-project.ts';

/** A run's project as it was trained, with its data found where they lie now. */
export async function plannedRun(run: RunRow): Promise<PlannedProject> {
  const project = readProject(await readRunProject(run.id), runFolder(run.id));
  return planProject(project, { threads: run.threads, seed: run.seed });
}

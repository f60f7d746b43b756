import type { Project } from '../../core/project/project.ts';
import { openProject } from '../projects/open-project.ts';
import type { Assignment } from '../projects/open-project.ts';
import type { Output } from './output.ts';

/** As `openProject`. What is wrong with its modules is told by their names. */
export async function openedProject(
  output: Output,
  recipeOrFile: string,
  assignments: readonly Assignment[],
): Promise<Project> {
  return openProject(recipeOrFile, assignments, (project) => (output.project = project));
}

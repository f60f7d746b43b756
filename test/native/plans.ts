import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseProject } from '../../core/project/parse.ts';
import type { Project } from '../../core/project/project.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan, SplitFiles } from '../../core/training/plan.ts';
import { recipesFolder } from '../../main/paths.ts';
import { inputShapes } from './excerpts.ts';
import type { Source } from './excerpts.ts';

/** A built-in recipe by its name. */
export async function readRecipe(name: string): Promise<Project> {
  const parsed = parseProject(await readFile(path.join(recipesFolder, `${name}.json`), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.failures[0]?.message);
  return parsed.project;
}

/** The plan of a project that is trained and judged on the same samples, on one thread: test files run side by side on few cores. */
export function planOn(
  project: Project,
  data: { readonly source: Source; readonly split: SplitFiles },
  choices: { readonly seed: number; readonly shuffle: boolean },
): Plan {
  const { source, split } = data;
  const samples = { inputShape: inputShapes[source], classes: 10, train: split, test: split };
  const made = makePlan(project, { ...samples, device: 'cpu', threads: 1, ...choices });
  if (!made.ok) throw new Error(made.failures.map(({ message }) => message).join('\n'));
  return made.plan;
}

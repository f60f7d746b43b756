import path from 'node:path';
import { closedAtFirst, drawNetwork } from '../../../../core/drawing/draw.ts';
import type { Drawing } from '../../../../core/drawing/drawing.ts';
import { knownData } from '../../../../core/project/known-data.ts';
import { parseProject } from '../../../../core/project/parse.ts';
import { projectFacts } from '../../../../core/project/project-facts.ts';
import type { Project } from '../../../../core/project/project.ts';
import { recipeText } from '../project/recipe-files.ts';

export const repository = path.resolve(import.meta.dirname, '../../../..');

export function recipe(name: string): Project {
  const result = parseProject(recipeText(name));
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return result.project;
}

/** As the window shows it when the recipe is opened; or with everything open. */
export function drawRecipe(name: string, isAllOpen = false): Drawing {
  const project = recipe(name);
  const { inputShape } = knownData.get(project.data.source)!;
  const facts = projectFacts(project, inputShape);
  const closed = isAllOpen ? new Set<string>() : closedAtFirst(project);
  return drawNetwork(project, facts, { root: 'networks.main', closed });
}

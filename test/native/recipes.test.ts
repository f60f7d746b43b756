import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseProject } from '../../core/project/parse.ts';
import type { Project, SupervisedRecipe } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { recipesFolder } from '../../main/paths.ts';
import { listRecipes } from '../../main/projects/open-project.ts';
import { holdAgainst, planFor, temporaryFolder } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';

interface RecipeBaseline extends Baseline {
  /** Options of the optimizer that stand for the recipe's own here; recipes.py says why. */
  readonly optimizerOptions: Readonly<Record<string, number>>;
}

const folder = temporaryFolder();
/** Held against Python otherwise: two networks by adversarial.test.ts, points by own-data.test.ts. */
const others = ['mnist-cgan', 'mnist-gan', 'spirals'];
const names = (await listRecipes()).filter((name) => !others.includes(name));

test('every other recipe has a baseline', async () => {
  const baselines = await readdir(path.join(baselinesFolder, 'recipes'));
  expect(baselines.map((file) => path.basename(file, '.json')).sort()).toEqual(names);
});

test.each(names)('%s computes and learns as in Python PyTorch', async (name) => {
  const baseline = JSON.parse(
    await readFile(path.join(baselinesFolder, 'recipes', `${name}.json`), 'utf8'),
  ) as RecipeBaseline;
  const project = await underConditions(await readRecipe(name), baseline);
  const plan = await planFor(project, baseline, folder());
  await holdAgainst(loadAddon(), plan, baseline, folder());
});

async function readRecipe(name: string): Promise<Project> {
  const parsed = parseProject(await readFile(path.join(recipesFolder, `${name}.json`), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.failures.map(({ message }) => message).join('\n'));
  return parsed.project;
}

/** A z-score to be computed is that of the whole training set, not of the excerpt. Outputs are those for one view. */
async function underConditions(project: Project, baseline: RecipeBaseline): Promise<Project> {
  const { normalise } = project.data;
  const recipe = Object.fromEntries(
    Object.entries(project.recipe).filter(([field]) => field !== 'evaluateViews'),
  ) as unknown as SupervisedRecipe;
  const statistics = JSON.parse(await readFile(path.join(baselinesFolder, 'cifar10-statistics.json'), 'utf8')) as {
    readonly mean: readonly number[];
    readonly std: readonly number[];
  };
  const isOpen = normalise.kind === 'zscore' && normalise.mean === undefined;
  return {
    ...project,
    data: { ...project.data, normalise: isOpen ? { kind: 'zscore', ...statistics } : normalise },
    recipe: { ...recipe, optimizer: { ...recipe.optimizer, ...baseline.optimizerOptions } },
  };
}

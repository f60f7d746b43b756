import { layerTypes } from '../../core/catalogue/catalogue.ts';
import { commands } from '../../core/commands.ts';
import { namesMeant, namesMeantExactly } from '../../core/editing/find-modules.ts';
import { containerTypes } from '../../core/network/containers.ts';
import type { RunSummary } from '../../core/contract/runs.ts';
import type { RecipeDescription } from '../../core/contract/projects.ts';

/** What can be found beside each other by words: what it is, and what it leads to. */
export type Entry = { readonly key: string; readonly group: string; readonly title: string } & (
  | { readonly kind: 'command'; readonly command: (typeof commands)[number] }
  | { readonly kind: 'recipe'; readonly recipe: string }
  | { readonly kind: 'layer'; readonly layer: string }
  | { readonly kind: 'container'; readonly container: PlainContainer }
  | { readonly kind: 'setting'; readonly at: string }
  | { readonly kind: 'run'; readonly run: string }
);

/** Containers that stand alone: a Block is one by its own name. */
type PlainContainer = Exclude<(typeof containerTypes)[number], 'Block'>;

/** Settings by what they are looked for, with their places in the project. */
const settings: readonly (readonly [title: string, at: string, words: string])[] = [
  ['Epochs', 'recipe.epochs', 'length duration how long'],
  ['Batch size', 'recipe.batchSize', 'minibatch'],
  ['Drop incomplete batch', 'recipe.dropLast', 'drop_last last remainder'],
  ['Views of a test image', 'recipe.evaluateViews', 'test-time augmentation tta mirror flip shift'],
  ['Learning rate', 'recipe.schedule.rate', 'lr step size schedule warmup decay cosine'],
  ['Optimizer', 'recipe.optimizer', 'sgd adam adamw momentum weight decay lbfgs muon'],
  ['Loss', 'recipe.loss', 'criterion cross entropy mse label smoothing class weights'],
  ['Gradient clipping', 'recipe.clip', 'clip norm'],
  ['Augmentation', 'data.augment', 'crop flip shift'],
];

/** Runs that are listed; Runs has a search for all. */
const mostRuns = 20;

/** Of no words the commands alone; those in `disabled` are left out. */
export function paletteEntries(
  words: string,
  disabled: readonly string[],
  recipes: readonly RecipeDescription[],
  isOpen: boolean,
  runs: readonly Pick<RunSummary, 'id' | 'name' | 'project'>[] = [],
): readonly Entry[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const has = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  const typed = words.trim().toLowerCase();
  /** What is called just so comes before what begins so, and that before the rest. */
  const rank = (title: string): number =>
    title.toLowerCase() === typed ? 0 : title.toLowerCase().startsWith(typed) ? 1 : 2;
  const ofCommands = commands
    .toSorted((one, other) => (typed === '' ? 0 : rank(one.title) - rank(other.title)))
    .filter(({ id, title, menu, words: more = '' }) => {
      return id !== 'openPalette' && !disabled.includes(id) && has(`${menu} ${title} ${more}`);
    })
    .map((command): Entry => {
      return { kind: 'command', key: command.id, group: command.menu, title: command.title, command };
    });
  if (wanted.length === 0) return ofCommands;
  const ofSettings = settings
    .filter(([title, , more]) => isOpen && has(`setting ${title} ${more}`))
    .map(([title, at]): Entry => ({ kind: 'setting', key: at, group: 'Setting', title, at }));
  const ofRecipes = recipes
    .filter(({ name }) => has(`recipe ${name}`))
    .map(({ name }): Entry => ({ kind: 'recipe', key: `recipe ${name}`, group: 'Recipe', title: name, recipe: name }));
  const meant = wanted.map((word) => namesMeant(word, {}));
  const exact = wanted.flatMap((word) => namesMeantExactly(word, {}));
  const isMeant = (name: string) => isOpen && (has(`insert ${name}`) || meant.every((names) => names.includes(name)));
  const ofLayers = layerTypes
    .filter(({ name }) => isMeant(name))
    .map(({ name }): Entry => {
      return { kind: 'layer', key: `layer ${name}`, group: 'Insert', title: name, layer: name };
    });
  const ofContainers = containerTypes
    .filter((name) => name !== 'Block')
    .filter((name) => isMeant(name))
    .map((name): Entry => {
      return { kind: 'container', key: `container ${name}`, group: 'Insert', title: name, container: name };
    });
  const modules = [...ofLayers, ...ofContainers].toSorted(
    (one, other) => Number(exact.includes(other.title)) - Number(exact.includes(one.title)),
  );
  const ofRuns = runs
    .filter(({ id, name, project }) => has(`run ${name} ${project} ${id}`))
    .slice(0, mostRuns)
    .map(({ id, name }): Entry => ({ kind: 'run', key: `run ${id}`, group: 'Run', title: name, run: id }));
  return [...ofCommands, ...ofSettings, ...ofRecipes, ...ofRuns, ...modules];
}

import { layerTypes } from '../../../core/catalogue/catalogue.ts';
import type { Family } from '../../../core/catalogue/layer-type.ts';
import type { RecipeDescription } from '../../../core/contract/projects.ts';
import { shippedBlocks } from '../../../core/editing/shipped-blocks.ts';
import type { Blocks, NetworkNode } from '../../../core/network/tree.ts';
import { newContainer, newInstance, newLayer } from './new-module.ts';

/** What can be taken from the palette: modules that are put into the network, or a recipe to begin with. */
export type PaletteItem = ModuleItem | RecipeItem;

interface ItemCommon {
  /** The same in every project: `layer:Conv2d`. Favourites and recent ones are kept by it. */
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly help: string;
}

export interface ModuleItem extends ItemCommon {
  readonly kind: 'module';
  readonly nodes: readonly NetworkNode[];
  /** The Block of the project that it stands for: it can be deleted. */
  readonly ownBlock?: string;
}

export interface RecipeItem extends ItemCommon {
  readonly kind: 'recipe';
  readonly recipe: RecipeDescription;
}

export interface PaletteSection {
  readonly title: string;
  readonly items: readonly PaletteItem[];
}

/** Titles of the families, in the order of the palette. */
const families: Readonly<Record<Family, string>> = {
  convolution: 'Convolution',
  linear: 'Linear',
  activation: 'Activation',
  normalisation: 'Normalisation',
  pooling: 'Pooling',
  dropout: 'Dropout',
  embedding: 'Embedding',
  recurrent: 'Recurrent',
  attention: 'Attention',
  shape: 'Shape',
  padding: 'Padding',
  combine: 'Combine',
  distance: 'Distance',
  transform: 'Image transforms',
};

const layers: readonly PaletteSection[] = Object.entries(families).map(([family, title]) => ({
  title,
  items: layerTypes
    .filter((type) => type.family === family)
    .map(({ name, help }) => ({ kind: 'module', id: `layer:${name}`, title: name, help, nodes: [newLayer(name)] })),
}));

const containerHelp = [
  ['Sequential', 'One after another.'],
  ['Residual', 'A body and a shortcut around it, added.'],
  ['Fork', 'Branches beside each other that join; each gets the same input.'],
  ['Join', 'Several inputs, a branch for each, that join.'],
  ['Repeat', 'A body, several times.'],
  ['Recurrent', 'An RNN, a GRU or an LSTM that hands on its sequence, its last step or its state.'],
  ['Transform', 'One sequence of transforms while training, another one in evaluation.'],
  ['NBeats', 'Blocks that forecast; what one explains of the input is taken away before the next.'],
] as const;

const containers: PaletteSection = {
  title: 'Containers',
  items: containerHelp.map(([name, help]) => ({
    kind: 'module',
    id: `container:${name}`,
    title: name,
    help,
    nodes: [newContainer(name)],
  })),
};

export function paletteSections(
  blocks: Blocks,
  recipes: readonly RecipeDescription[],
  favourites: readonly string[],
  recent: readonly string[],
): readonly PaletteSection[] {
  const shipped = Object.fromEntries(Object.entries(shippedBlocks).filter(([name]) => !Object.hasOwn(blocks, name)));
  const sections = [
    containers,
    ...layers,
    { title: 'Blocks of the project', items: blockItems(blocks).map((item) => ({ ...item, ownBlock: item.title })) },
    { title: 'Blocks', items: blockItems(shipped) },
    { title: 'Starting points', items: recipes.map(recipeItem) },
  ];
  const known = new Map(sections.flatMap(({ items }) => items).map((item) => [item.id, item]));
  const picked = (ids: readonly string[]) => ids.flatMap((id) => known.get(id) ?? []);
  return [{ title: 'Favourites', items: picked(favourites) }, { title: 'Recent', items: picked(recent) }, ...sections];
}

function blockItems(blocks: Blocks): readonly ModuleItem[] {
  return Object.entries(blocks).map(([name, definition]) => ({
    kind: 'module',
    id: `block:${name}`,
    title: name,
    help: definition.description ?? `A Block of ${definition.parameters.length} parameters.`,
    nodes: [newInstance(name, definition)],
  }));
}

function recipeItem(recipe: RecipeDescription): PaletteItem {
  return { kind: 'recipe', id: `recipe:${recipe.name}`, title: recipe.name, help: recipe.description ?? '', recipe };
}

/** Sections with the items that have all the words; those without one are left out. */
export function searched(sections: readonly PaletteSection[], words: string): readonly PaletteSection[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return sections
    .map(({ title, items }) => ({
      title,
      items: items.filter((item) =>
        wanted.every((word) => `${item.title} ${title} ${item.help}`.toLowerCase().includes(word)),
      ),
    }))
    .filter(({ items }) => items.length > 0);
}

/** How many of the last used are kept. */
const kept = 5;

export function withRecent(recent: readonly string[], id: string): readonly string[] {
  return [id, ...recent.filter((other) => other !== id)].slice(0, kept);
}

export function toggled(favourites: readonly string[], id: string): readonly string[] {
  return favourites.includes(id) ? favourites.filter((other) => other !== id) : [...favourites, id];
}

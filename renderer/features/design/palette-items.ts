import { layerTypes } from '../../../core/catalogue/catalogue.ts';
import type { Family } from '../../../core/catalogue/layer-type.ts';
import type { RecipeDescription } from '../../../core/contract/projects.ts';
import { shippedBlocks } from '../../../core/editing/shipped-blocks.ts';
import type { Blocks, NetworkNode } from '../../../core/network/tree.ts';
import { namesMeant, namesMeantExactly, namesNear } from '../../../core/editing/find-modules.ts';
import { newContainer, newInstance, newLayer } from '../../../core/editing/new-module.ts';
import { counted } from '../../app/format.ts';

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
  /** As its card is coloured on the canvas; `container` of a container or a Block. */
  readonly family: Family | 'container';
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
    .map(({ name, help, family: own }) => ({
      kind: 'module',
      id: `layer:${name}`,
      title: name,
      help,
      family: own,
      nodes: [newLayer(name)],
    })),
}));

const containerHelp = [
  ['Sequential', 'Applies modules one after another.'],
  ['Residual', 'Adds the input or a shortcut to the output of a body.'],
  ['Fork', 'Parallel branches with the same input, joined.'],
  ['Join', 'Joins several inputs, with a branch for each.'],
  ['Repeat', 'Applies a body several times.'],
  ['Recurrent', 'An RNN, GRU or LSTM that returns its sequence, last step or state.'],
  ['Transform', 'Applies one sequence of transforms in training and another in evaluation.'],
  ['NBeats', 'Stacks forecasting blocks; each subtracts what it explains from the input of the next.'],
] as const;

const containers: PaletteSection = {
  title: 'Containers',
  items: containerHelp.map(([name, help]) => ({
    kind: 'module',
    id: `container:${name}`,
    title: name,
    help,
    family: 'container',
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
    help: definition.description ?? `A Block with ${counted(definition.parameters.length, 'parameter')}.`,
    family: 'container',
    nodes: [newInstance(name, definition)],
  }));
}

function recipeItem(recipe: RecipeDescription): PaletteItem {
  return { kind: 'recipe', id: `recipe:${recipe.name}`, title: recipe.name, help: recipe.description ?? '', recipe };
}

/**
 * Sections with the items that every word is about: by their name, their section or their help, by what the word stands
 * for, or, where nothing is, by what it may misspell. Those without one are left out. What a word names or stands for
 * as a whole comes first, with its section.
 */
export function searched(
  sections: readonly PaletteSection[],
  words: string,
  blocks: Blocks,
): readonly PaletteSection[] {
  const typed = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const telling = typed.filter((word) => !anyModule.has(word));
  const wanted = telling.length > 0 ? telling : typed;
  const tests = wanted.map((word) => testOf(sections, word, blocks));
  // Also `layer norm` for LayerNorm.
  const exact = new Set([...wanted, typed.join('')].flatMap((word) => namesMeantExactly(word, blocks)));
  const isExact = ({ title }: PaletteItem) => exact.has(title);
  const found = sections
    .map(({ title, items }) => ({ title, items: items.filter((item) => tests.every((test) => test(item, title))) }))
    .filter(({ items }) => items.length > 0)
    .map(({ title, items }) => ({ title, items: exactFirst(items, isExact) }));
  return exactFirst(found, ({ items }) => items.some(isExact));
}

/** What says nothing beside another word: `linear layer`. */
const anyModule = new Set('layer layers module modules block blocks network neural'.split(' '));

function exactFirst<Found>(all: readonly Found[], isExact: (each: Found) => boolean): readonly Found[] {
  return [...all.filter(isExact), ...all.filter((each) => !isExact(each))];
}

type Test = (item: PaletteItem, section: string) => boolean;

function testOf(sections: readonly PaletteSection[], word: string, blocks: Blocks): Test {
  const meant = new Set(namesMeant(word, blocks));
  const test: Test = (item, section) =>
    meant.has(item.title) || `${item.title} ${section} ${item.help}`.toLowerCase().includes(word);
  if (sections.some(({ title, items }) => items.some((item) => test(item, title)))) return test;
  const near = new Set(namesNear(word, blocks));
  return ({ title }) => near.has(title);
}

/** How many of the last used are kept. */
const kept = 5;

export function withRecent(recent: readonly string[], id: string): readonly string[] {
  return [id, ...recent.filter((other) => other !== id)].slice(0, kept);
}

export function toggled(favourites: readonly string[], id: string): readonly string[] {
  return favourites.includes(id) ? favourites.filter((other) => other !== id) : [...favourites, id];
}

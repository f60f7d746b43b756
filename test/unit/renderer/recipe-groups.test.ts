import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProject } from '../../../core/project/parse.ts';
import { recipeFacts } from '../../../renderer/features/start/recipe-facts.ts';
import { recipeGroups } from '../../../renderer/features/start/recipe-groups.ts';

const folder = path.resolve(import.meta.dirname, '../../../resources/recipes');
const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
const recipes = await Promise.all(
  files.map(async (file) => {
    const text = await readFile(path.join(folder, file), 'utf8');
    const read = parseProject(text);
    if (!read.ok) throw new Error(read.failures[0]!.message);
    const { project } = read;
    const described = { description: project.description ?? null, reference: project.reference ?? null };
    return recipeFacts({ name: file.replace('.json', ''), text, project, ...described });
  }),
);

describe('the recipes in groups', () => {
  const groups = recipeGroups(recipes);
  const namesIn = (title: string) => groups.find((group) => group.title === title)?.recipes.map(({ name }) => name);

  it('hold each recipe once, none in a group of leftovers', () => {
    const names = groups.flatMap((group) => group.recipes.map(({ name }) => name));
    expect(names.toSorted()).toEqual(recipes.map(({ name }) => name).toSorted());
    expect(namesIn('Other data')).toBeUndefined();
  });

  it('begin with the first steps, the easiest first', () => {
    expect(groups[0]?.title).toBe('First steps');
    expect(namesIn('First steps')?.[0]).toBe('mnist-logit');
    expect(namesIn('CIFAR-10')?.slice(0, 2)).toEqual(['cifar10-fast', 'cifar10-resnet18']);
    expect(namesIn('CIFAR-10')?.at(-1)).toBe('cifar10-wideresnet');
    expect(namesIn('Generators')).toEqual(['mnist-gan', 'mnist-cgan']);
  });

  it('have lessons in the order in which they refer to each other', () => {
    const lessons = namesIn('Lessons')!;
    const follows = (later: string, earlier: string) => lessons.indexOf(later) - lessons.indexOf(earlier);
    expect(lessons[0]).toBe('lesson-simplenet');
    expect(follows('lesson-convnet2', 'lesson-convnet')).toBe(1);
    expect(follows('lesson-resnet2', 'lesson-resnet')).toBe(1);
    expect(follows('tutorial-resnet34', 'tutorial-resnet18')).toBe(1);
  });

  it('are none for no recipes', () => {
    expect(recipeGroups([])).toEqual([]);
  });
});

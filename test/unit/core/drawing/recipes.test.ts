import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawingSvg } from '../../../../core/drawing/svg.ts';
import { recipeNames } from '../project/recipe-files.ts';
import { faultsOf } from './geometry.ts';
import { drawRecipe, recipe, repository } from './recipe-drawings.ts';

const pictures = path.join(repository, 'resources', 'pictures', 'recipes');
const page = path.join(repository, 'docs', 'recipes.md');

/** With README_PICTURES=1 the page and its pictures are made anew before they are looked at. */
beforeAll(async () => {
  if (process.env['README_PICTURES'] !== '1') return;
  await mkdir(pictures, { recursive: true });
  await mkdir(path.dirname(page), { recursive: true });
  for (const name of recipeNames) await writeFile(path.join(pictures, `${name}.svg`), pictureOf(name));
  await writeFile(page, await pageText());
});

function pictureOf(name: string): string {
  return drawingSvg(drawRecipe(name), 'light');
}

function pageText(): Promise<string> {
  const sections = recipeNames.map((name) =>
    [
      `## ${name}`,
      recipe(name).description,
      `![The network of ${name}](../resources/pictures/recipes/${name}.svg)`,
    ].join('\n\n'),
  );
  const opening = `The networks that come with Torchwright, drawn as the window draws them. Of a Block only the first instance is open; a card with a second edge behind it holds what it says. The figure at the right of a card counts its parameters, the one at the left is the shape of one sample that leaves it. The pictures and this page are made from the recipes by \`README_PICTURES=1 npx vitest run test/unit/core/drawing\`.`;
  return format(['# Recipes', opening, ...sections].join('\n\n'), { parser: 'markdown' });
}

describe.each(recipeNames)('%s', (name) => {
  test('is drawn without overlaps, as it opens and with everything open', () => {
    expect(faultsOf(drawRecipe(name))).toEqual([]);
    expect(faultsOf(drawRecipe(name, true))).toEqual([]);
  });

  test('opens with at most sixty modules, each with its shape', () => {
    const { modules } = drawRecipe(name);
    expect(modules.length).toBeLessThanOrEqual(60);
    expect(modules.filter(({ shape, isFaulty, isUnused }) => (shape === '' && !isUnused) || isFaulty)).toEqual([]);
  });

  test('its picture in the documentation is current', async () => {
    expect(await readFile(path.join(pictures, `${name}.svg`), 'utf8')).toBe(pictureOf(name));
  });
});

test('the page of recipes is current', async () => {
  expect(await readFile(page, 'utf8')).toBe(await pageText());
});

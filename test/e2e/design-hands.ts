import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { summarise } from '../../core/network/summarise.ts';
import { knownData } from '../../core/project/known-data.ts';
import { parseProject } from '../../core/project/parse.ts';
import { projectFacts } from '../../core/project/project-facts.ts';
import type { Project } from '../../core/project/project.ts';
import { patience, showPlace } from './hands.ts';

/** The Design place as a person uses it: what is drawn, dragged, typed and read there. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const recipesFolder = path.resolve(import.meta.dirname, '../../resources/recipes');

export async function readRecipe(name: string): Promise<Project> {
  const result = parseProject(await readFile(path.join(recipesFolder, `${name}.json`), 'utf8'));
  if (!result.ok) throw new Error(result.failures[0]!.message);
  return result.project;
}

/** As the core counts them. */
export function parametersOf(project: Project): number {
  const { resolved } = projectFacts(project, knownData.get(project.data.source)!.inputShape);
  return summarise(resolved!).totals.parameters;
}

export async function beginEmpty(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start with an empty network' }).click();
  await chooseMnist(page, (button) => button.click());
}

/** What an empty project asks for first; then its network. */
export async function chooseMnist(page: Page, press: (button: Locator) => Promise<void>): Promise<void> {
  const mnist = page.getByRole('article', { name: /^MNIST/ });
  await press(mnist.getByRole('button', { name: 'Use in this project' }));
  await press(page.getByRole('button', { name: 'Design the network' }));
  await expect.poll(() => emptyPlaces(page).count(), patience).toBe(1);
}

/** In the place of what is open, saved or not; `press` does as asked with the button that says so. */
export async function newEmpty(
  page: Page,
  press: (button: Locator) => Promise<void> = (button) => button.click(),
): Promise<void> {
  await page.keyboard.press('Control+Shift+n');
  const replace = page.getByRole('button', { name: 'Discard changes' });
  const asked = page.getByText('Choose a data set for this project');
  await replace.or(asked).first().waitFor();
  if (await replace.isVisible()) await press(replace);
  await chooseMnist(page, press);
}

/** In the place of what is open, saved or not. */
export async function openRecipe(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+n');
  await page
    .getByRole('dialog', { name: 'New from a recipe' })
    .getByRole('button', { name: new RegExp(`^${name}\\b(?!-)`) })
    .click();
  const replace = page.getByRole('button', { name: 'Discard changes' });
  const opened = page.getByRole('banner').getByRole('heading', { name, exact: true });
  await replace.or(opened).first().waitFor();
  if (await replace.isVisible()) await replace.click();
  await opened.waitFor();
  await showPlace(page, 'Design');
  await canvas(page).waitFor();
}

export function canvas(page: Page): Locator {
  return page.getByRole('application', { name: 'Drawing of the network' });
}

/** A module on the canvas by how its spoken name begins: `Conv2d 20`. */
export function drawn(page: Page, name: string): Locator {
  return canvas(page).getByRole('group', { name: new RegExp(`^${name}\\b`) });
}

/** The module that is selected alone. */
export function selected(page: Page): Locator {
  return canvas(page).getByRole('group', { name: /, selected$/ });
}

/** Places that wait for a module. */
export function emptyPlaces(page: Page): Locator {
  return canvas(page).getByRole('button', { name: 'Empty slot: insert a module' });
}

export function inspector(page: Page): Locator {
  return page.getByRole('region', { name: 'Inspector' });
}

export function outline(page: Page): Locator {
  return page.getByRole('tree', { name: 'Modules of the network' });
}

/** A line of the outline by how its spoken name begins. */
export function line(page: Page, name: string): Locator {
  return outline(page).getByRole('treeitem', { name: new RegExp(`^${name}\\b`) });
}

/** A few frames apart. */
const often = { ...patience, interval: 40 };

/** Where it is once it no longer moves: the view glides to what was edited. */
export async function settledBox(locator: Locator): Promise<Box> {
  let before: Box | null = null;
  let now: Box | null = null;
  await expect
    .poll(async () => {
      before = now;
      now = await locator.boundingBox();
      return now !== null && isDeepStrictEqual(now, before);
    }, often)
    .toBe(true);
  return now!;
}

export async function middleOf(locator: Locator): Promise<Point> {
  const { x, y, width, height } = await settledBox(locator);
  return { x: x + width / 2, y: y + height / 2 };
}

/** Between a module and what follows it. */
export async function below(module: Locator): Promise<Point> {
  const { x, y, width, height } = await settledBox(module);
  return { x: x + width / 2, y: y + height + 10 };
}

/** Turns the wheel until a spot is well within the canvas, where it does not scroll by itself. */
async function broughtIn(page: Page, spot: () => Promise<Point>): Promise<Point> {
  const { x, y, width, height } = await settledBox(canvas(page));
  const over = (at: number, from: number, to: number) => Math.max(0, at - to + 90) + Math.min(0, at - from - 70);
  for (let turn = 0; turn < 8; turn++) {
    const at = await spot();
    const [across, down] = [over(at.x, x, x + width), over(at.y, y, y + height)];
    if (across === 0 && down === 0) return at;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.wheel(2 * across, 2 * down);
  }
  return spot();
}

/** Presses a row of the palette and moves it over a spot of the canvas, still held. */
export async function holdNew(page: Page, title: string, spot: () => Promise<Point>): Promise<void> {
  await broughtIn(page, spot);
  const row = page
    .getByRole('region', { name: 'Palette' })
    .getByRole('treeitem', { name: new RegExp(`^${title} .`) })
    .last();
  await row.scrollIntoViewIfNeeded();
  await hold(page, await middleOf(row), spot);
}

export async function dragNew(page: Page, title: string, spot: () => Promise<Point>): Promise<void> {
  await holdNew(page, title, spot);
  await page.mouse.up();
}

/** Takes a module of the canvas by its name and moves it over a spot there, still held. */
export async function holdModule(page: Page, module: Locator, spot: () => Promise<Point>): Promise<void> {
  await module.waitFor();
  const { x, y, width } = await settledBox(module);
  await hold(page, { x: x + width / 2, y: y + 14 }, spot);
}

async function hold(page: Page, from: Point, spot: () => Promise<Point>): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 8, { steps: 2 });
  // Again while the spot moves: on a busy machine the view may still be gliding.
  let before = await spot();
  for (let aim = 0; aim < 20; aim++) {
    await page.mouse.move(before.x, before.y, { steps: 4 });
    const now = await spot();
    const isSteady = aim > 0 && Math.hypot(now.x - before.x, now.y - before.y) < 1;
    before = now;
    if (isSteady) break;
  }
}

/** Into a field of the selected module; a pair by the first of its numbers. */
export async function setOption(page: Page, label: string, value: number | string): Promise<void> {
  const field = inspector(page).getByLabel(label, { exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

/** Modules by typing, after the selected one. The keyboard must be in the network. */
export async function typeIn(page: Page, words: string): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Modules to insert' });
  if (!(await field.isVisible())) await page.keyboard.press('/');
  await field.waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await field.waitFor({ state: 'detached' });
}

/** Lets go of every module: the inspector then shows the network as a whole. */
export async function selectNothing(page: Page): Promise<void> {
  await canvas(page).press('Escape');
  await expect.poll(() => selected(page).count(), patience).toBe(0);
}

/** Of the whole network, by the summary; null where it cannot work. */
export async function parametersShown(page: Page): Promise<number | null> {
  const words = await page.getByRole('region', { name: 'Summary' }).innerText();
  const [, figure] = /([\d,]+) parameters/.exec(words) ?? [];
  return figure === undefined ? null : Number(figure.replaceAll(',', ''));
}

/** Steps back until every module is in sight. */
export async function seeAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Show all' }).click();
  await settledBox(canvas(page).getByRole('group').first());
}

/** The whole network as the text that copying gives, read back by pasting it into a field. */
export async function networkText(page: Page): Promise<string> {
  await selectNothing(page);
  await canvas(page).press('Control+a');
  await page.keyboard.press('Control+c');
  const field = page.getByRole('searchbox', { name: 'Search the palette' });
  await field.fill('');
  await field.press('Control+v');
  const text = await field.inputValue();
  await field.fill('');
  await selectNothing(page);
  return text;
}

/** Presses Tab until the keyboard is there, as one who has no mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let press = 0; press < 150; press++) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(target)}.`);
}

/** Along the outline, down from its top, with the arrow keys. */
export async function walkTo(page: Page, name: string): Promise<void> {
  await tabTo(page, outline(page).getByRole('treeitem'));
  await page.keyboard.press('Home');
  const wanted = line(page, name).and(page.locator(':focus'));
  for (let press = 0; press < 60 && (await wanted.count()) === 0; press++) await page.keyboard.press('ArrowDown');
  expect(await wanted.count()).toBe(1);
}

/** What the strip at the bottom says. */
export function problem(page: Page): Promise<string> {
  return page.getByRole('contentinfo').locator('[aria-controls=problems]').innerText();
}

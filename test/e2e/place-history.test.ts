import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, selected } from './design-hands.ts';
import { beginRecipe, patience, showPlace, trainButton, untilEpochs, untilFinished, writeSetting } from './hands.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

describe.each(shells)('places as history in $name', ({ name, isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
    await beginRecipe(page, 'mnist-logit');
    await writeSetting(page, 'Epochs', 1);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('are gone back and forward through', async () => {
    await showPlace(page, 'Data');
    await showPlace(page, 'Design');
    await showPlace(page, 'Runs');
    for (const place of ['Design', 'Data', 'Train']) await go('back', place);
    for (const place of ['Data', 'Design']) await go('forward', place);
    expect(await page.getByRole('banner').getByRole('heading', { name: 'mnist-logit' }).count()).toBe(1);
  });

  it.runIf(isHere)('keep the selected module over a reload', async () => {
    await drawn(page, 'Flatten').first().click();
    await expect.poll(() => selected(page).count(), patience).toBe(1);
    // Sooner after the other selection than the history of a browser may change again.
    await drawn(page, 'Linear').first().click();
    await page.reload();
    await at('Design');
    await expect.poll(() => selected(page).count(), patience).toBe(1);
    expect(await drawn(page, 'Linear').and(selected(page)).count()).toBe(1);
  });

  it.runIf(isHere)('keep a run that is over, and what is selected in Runs, over a reload', async () => {
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    await page.reload();
    await at('Train');
    await untilFinished(page);
    await untilEpochs(page, 1);
    await page.getByText(/, \d threads?, seed \d+/).waitFor();
    await showPlace(page, 'Runs');
    await page.locator('tr[data-row]').first().click();
    await page.getByRole('region', { name: 'Selected runs' }).waitFor();
    await page.reload();
    await at('Runs');
    await page.getByRole('region', { name: 'Selected runs' }).waitFor();
  });

  it.runIf(isHere)('keep the evaluated checkpoint and the selected image over a reload', async () => {
    await showPlace(page, 'Evaluate');
    const checkpoint = page.getByRole('combobox', { name: 'Checkpoint', exact: true });
    await checkpoint.selectOption('last');
    await page.getByRole('listbox', { name: 'Test images, by their true class' }).press('ArrowRight');
    const image = page.getByRole('region', { name: 'Selected image' }).getByRole('heading').first();
    const selectedImage = await image.innerText();
    // A browser bounds how often its history may change.
    await expect.poll(() => page.evaluate('JSON.stringify(history.state)'), patience).toMatch(/"last".*"sample":\d/);
    await page.reload();
    await at('Evaluate');
    await expect.poll(() => checkpoint.inputValue(), patience).toBe('last');
    await expect.poll(() => image.innerText(), patience).toBe(selectedImage);
  });

  it.runIf(isHere)('belong to a project: another one does not show its run', async () => {
    await showPlace(page, 'Train');
    await page.keyboard.press('Control+n');
    const recipes = page.getByRole('dialog', { name: 'New from a recipe' });
    await recipes.getByRole('searchbox', { name: 'Search recipes' }).fill('mnist-conv');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('main').getByRole('heading', { name: 'mnist-conv' }).waitFor();
    expect(await page.getByRole('progressbar', { name: 'Training progress' }).count()).toBe(0);
    await showPlace(page, 'Evaluate');
    await page.getByRole('combobox', { name: 'Run', exact: true }).selectOption({ index: 1 });
    expect(await page.getByRole('combobox', { name: 'Checkpoint', exact: true }).inputValue()).toBe('best');
  });

  async function at(place: string): Promise<void> {
    const button = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: place });
    await expect.poll(() => button.getAttribute('aria-current'), patience).toBe('page');
  }

  /** A browser has its own keys for it. */
  async function go(way: 'back' | 'forward', place: string): Promise<void> {
    if (name === 'Electron') await page.keyboard.press(way === 'back' ? 'Alt+ArrowLeft' : 'Alt+ArrowRight');
    else await (way === 'back' ? page.goBack() : page.goForward());
    await at(place);
  }
});

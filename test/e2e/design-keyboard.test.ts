import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';
import {
  canvas,
  chooseMnist,
  emptyPlaces,
  inspector,
  line,
  newEmpty,
  outline,
  parametersOf,
  parametersShown,
  problem,
  readRecipe,
  tabTo,
  typeIn,
  walkTo,
} from './design-hands.ts';
import { patience, pointsDrawn, trainingState } from './hands.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

describe.each(shells)('the editor with the keyboard alone in $name', ({ isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('builds mnist-conv in the outline', async () => {
    await page.getByRole('button', { name: 'Start with an empty network' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Start with an empty network' }));
    await page.keyboard.press('Enter');
    await chooseMnist(page, async (button) => {
      await button.waitFor();
      await tabTo(page, button);
      await page.keyboard.press('Enter');
    });
    await tabTo(page, outline(page).getByRole('treeitem'));
    await page.keyboard.press('ArrowDown');
    await typeIn(page, 'conv 20 5 relu drop maxpool 2');
    await typeIn(page, 'conv 50 5 relu drop maxpool 2 flatten');
    await typeIn(page, 'linear 500 relu drop linear 10');
    await expectRecipe();
  });

  it.runIf(isHere)('names, moves, wraps, unwraps, repeats and removes modules', async () => {
    await walkTo(page, 'ReLU, 2 of 13');
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name of the module' }).waitFor();
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    await line(page, 'first: ReLU, 2 of 13').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await line(page, 'first: ReLU, 3 of 13').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await line(page, 'first: ReLU, 2 of 13').waitFor();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+g');
    await line(page, 'Sequential, 2 of 12').waitFor();
    await page.keyboard.press('Control+Shift+g');
    await line(page, 'first: ReLU, 2 of 13').waitFor();
    await walkTo(page, 'Linear, 10, 13 of 13');
    await page.keyboard.press('Control+d');
    await line(page, 'Linear, 10, 14 of 14').waitFor();
    await page.keyboard.press('Delete');
    await line(page, 'Linear, 10, 13 of 13').waitFor();
    await walkTo(page, 'first: ReLU, 2 of 13');
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name of the module' }).waitFor();
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await line(page, 'ReLU, 2 of 13').waitFor();
    await expectRecipe();
  });

  it.runIf(isHere)('shows what is left where much was deleted far from it', async () => {
    await walkTo(page, 'Linear, 10, 13 of 13');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await expect.poll(() => isInSight(page.getByText(/^input /)), patience).toBe(true);
    await page.keyboard.press('Control+z');
    await line(page, 'Linear, 10, 13 of 13').waitFor();
  });

  it.runIf(isHere)('sets an option, sees what breaks, and mends it', async () => {
    await walkTo(page, 'Conv2d, 50');
    await tabTo(page, inspector(page).getByLabel('in_channels', { exact: true }));
    await page.keyboard.type('128');
    await page.keyboard.press('Enter');
    await expect.poll(() => problem(page), patience).toMatch(/128/);
    await tabTo(
      page,
      inspector(page)
        .getByRole('button', { name: /in_channels/ })
        .filter({ hasText: /in_channels/ }),
    );
    await page.keyboard.press('Enter');
    await expectRecipe();
  });

  it.runIf(isHere)('trains it', async () => {
    await holdTrainings(50);
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+3');
    await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(0);
    await holdTrainings(100);
    await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(2);
    await page.keyboard.press('Control+.');
    await expect.poll(() => trainingState(page), patience).toBe('Stopped');
    await releaseTrainings();
    await page.keyboard.press('Control+1');
    await outline(page).waitFor();
  });

  it.runIf(isHere)('makes a Block of a residual, and uses it', async () => {
    await newEmptyByKeys();
    await typeIn(page, 'conv 32 3 p1 bn relu');
    await typeIn(page, 'residual (conv 32 3 p1 nobias bn relu conv 32 3 p1 nobias bn)');
    const one = 2 * (32 * 32 * 9 + 2 * 32);
    const stem = 32 * 9 + 32 + 2 * 32;
    await expect.poll(() => parametersShown(page), patience).toBe(stem + one);
    await page.keyboard.press('Control+b');
    const dialog = page.getByRole('dialog', { name: 'Make a Block' });
    await tabTo(page, dialog.getByLabel('Name', { exact: true }));
    await page.keyboard.type('Unit');
    for (const field of await dialog.getByLabel(/^Parameter for out_channels/).all()) {
      await tabTo(page, field);
      await page.keyboard.type('out');
    }
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await walkTo(page, 'Unit, 4 of 4');
    await typeIn(page, 'Unit 32 Unit 32');
    await expect.poll(() => parametersShown(page), patience).toBe(stem + 3 * one);
  });

  it.runIf(isHere)('joins the noise and the class of a conditional generator', async () => {
    await newEmptyByKeys();
    await page.keyboard.press('Control+3');
    await tabTo(page, page.getByRole('combobox', { name: 'Training', exact: true }));
    await page.keyboard.press('a');
    await tabTo(page, page.getByLabel('Conditional', { exact: true }));
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+1');
    await tabTo(page, outline(page).getByRole('treeitem'));
    await page.keyboard.press('End');
    await typeIn(page, 'join cat (| embedding 10 10 reshape 10x1x1) deconv 256 4 nobias');
    await line(page, 'Join, cat, .*output 110 × 1 × 1').waitFor();
    await expect.poll(() => parametersShown(page), patience).toBe(10 * 10 + 110 * 256 * 4 * 4);
    await tabTo(page, page.getByRole('button', { name: 'Discriminator' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => emptyPlaces(page).count(), patience).toBe(1);
  });

  it.runIf(isHere)('goes to what was inserted, wherever it was before', async () => {
    await newEmptyByKeys();
    const place = page.getByRole('navigation').getByRole('button', { name: 'Design', exact: true });
    await place.focus();
    await typeIn(page, 'conv 8 3 relu');
    await line(page, 'ReLU').waitFor();
    await page.keyboard.press('Delete');
    await expect.poll(() => line(page, '(?:Conv2d|ReLU)').count(), patience).toBe(0);
    await place.focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill('insert dropout2d');
    await page.keyboard.press('Enter');
    await line(page, 'Dropout2d').waitFor();
    await expect.poll(() => canvas(page).and(page.locator(':focus')).count(), patience).toBe(1);
    await page.keyboard.press('Delete');
    await expect.poll(() => line(page, 'Dropout2d').count(), patience).toBe(0);
  });

  async function newEmptyByKeys(): Promise<void> {
    await newEmpty(page, async (button) => {
      await tabTo(page, button);
      await page.keyboard.press('Enter');
    });
    await tabTo(page, outline(page).getByRole('treeitem'));
    await page.keyboard.press('End');
  }

  async function expectRecipe(): Promise<void> {
    await expect.poll(() => problem(page), patience).toBe('No problems');
    expect(await parametersShown(page)).toBe(parametersOf(await readRecipe('mnist-conv')));
  }
});

async function isInSight(found: Locator): Promise<boolean> {
  const [inner, outer] = await Promise.all([found, canvas(page)].map((each) => each.boundingBox()));
  if (inner == null || outer == null) return false;
  const isAcross = inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width;
  return isAcross && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
}

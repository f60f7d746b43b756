import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, canvas, inspector, openRecipe, problem, setOption, walkTo } from './design-hands.ts';
import { patience } from './hands.ts';
import { faultsOf, picture } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

describe.runIf(hasBrowser)('the Design place', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  it('waits for a first module', async () => {
    await beginEmpty(page);
    expect(await faultsOf(page, 'design-empty')).toEqual([]);
  });

  it('opens every recipe, with nothing to mend', async () => {
    await page.keyboard.press('Control+n');
    const dialog = page.getByRole('dialog', { name: 'New from a recipe' });
    const titles = await dialog.getByRole('listitem').locator('strong').allInnerTexts();
    await page.keyboard.press('Escape');
    expect(titles.length).toBeGreaterThanOrEqual(18);
    for (const title of titles) {
      await openRecipe(page, title);
      await expect.poll(() => canvas(page).getByRole('group').count(), patience).toBeGreaterThan(0);
      expect(await problem(page)).toBe('No problems');
      await picture(page, `design-${title}`);
    }
  });

  it('shows a module that is selected, and one that cannot work', async () => {
    await openRecipe(page, 'lesson-resnet');
    await walkTo(page, 'Conv2d');
    await page.keyboard.press('ArrowDown');
    expect(await faultsOf(page, 'design-selected')).toEqual([]);
    await openRecipe(page, 'mnist-conv');
    await walkTo(page, 'Conv2d, 50');
    await setOption(page, 'in_channels', 128);
    await inspector(page).locator('.fault').waitFor();
    expect(await faultsOf(page, 'design-fault')).toEqual([]);
    await inspector(page).locator('.fault').getByRole('button').first().click();
  });

  it('asks what to insert', async () => {
    await walkTo(page, 'ReLU');
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Modules to insert' }).waitFor();
    await page.keyboard.type('conv 64 3 bn re');
    expect(await faultsOf(page, 'design-insert')).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('asks how a Block is to be', async () => {
    await walkTo(page, 'Conv2d, 20');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+b');
    await page.getByRole('dialog', { name: 'Make a Block' }).waitFor();
    expect(await faultsOf(page, 'design-make-block')).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('shows a Block that is entered', async () => {
    await openRecipe(page, 'cifar10-resnet18');
    await walkTo(page, 'BasicBlock, out 128, stride 2');
    await inspector(page).getByRole('button', { name: 'Edit the definition' }).click();
    await page.getByRole('navigation', { name: 'Entered modules' }).waitFor();
    expect(await faultsOf(page, 'design-entered')).toEqual([]);
  });

  it('fits a small window', async () => {
    await page.setViewportSize({ width: 800, height: 560 });
    await openRecipe(page, 'lesson-resnet');
    expect(await faultsOf(page, 'design-small')).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

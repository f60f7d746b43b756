import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, patience, writeSetting } from './hands.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

describe.runIf(hasBrowser)('a recipe picked while something is unsaved', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
    await beginRecipe(page, 'mnist-logit');
  });
  afterAll(() => shell.close());

  it('takes the place of what has no changes without a question', async () => {
    await pick('mnist-conv');
    expect(await heading('mnist-conv').innerText()).toBe('mnist-conv');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('leaves everything as it is when that is cancelled', async () => {
    await writeSetting(page, 'Epochs', 7);
    await pick('mnist-linear');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await heading('mnist-conv').isVisible()).toBe(true);
    expect(await epochs().inputValue()).toBe('7');
  });

  it('comes after the saving, if that is the answer', async () => {
    await pick('mnist-linear');
    await page.getByRole('dialog').getByRole('button', { name: 'Save first' }).click();
    // This dialog follows the other in the same frame.
    await expect.poll(focused, patience).toBe('INPUT');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await heading('mnist-linear').waitFor();
    await page.keyboard.press('Control+o');
    await expect.poll(focused, patience).toBe('BUTTON');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^mnist-conv/ })
      .click();
    await heading('mnist-conv').waitFor();
    expect(await epochs().inputValue()).toBe('7');
  });

  it('comes at once, if the changes are not wanted, and they do not come back', async () => {
    await writeSetting(page, 'Epochs', 9);
    await pick('mnist-logit');
    await page.getByRole('dialog').getByRole('button', { name: 'Discard changes' }).click();
    await heading('mnist-logit').waitFor();
    await page.reload();
    await heading('mnist-logit').waitFor();
    expect(await epochs().inputValue()).toBe('20');
  });

  async function pick(recipe: string): Promise<void> {
    await page.keyboard.press('Control+n');
    const dialog = page.getByRole('dialog', { name: 'New from a recipe' });
    await dialog.getByRole('button', { name: new RegExp(`^${recipe}\\b`) }).click();
  }

  /** What kind of element has the focus. */
  function focused(): Promise<string> {
    return page.evaluate('document.activeElement.tagName');
  }

  /** Of the place where it is trained. */
  function heading(name: string): Locator {
    return page.getByRole('main').getByRole('heading', { name, exact: true });
  }

  function epochs(): Locator {
    return page.getByRole('form', { name: 'How to train' }).getByLabel('Epochs', { exact: true });
  }
});

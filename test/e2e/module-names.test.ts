import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, canvas, inspector, line, problem, typeIn } from './design-hands.ts';
import { patience, showPlace } from './hands.ts';
import { oneShell } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

describe.each(oneShell)('messages about modules in $name', ({ isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('name them as the canvas does, wherever they are read', async () => {
    await beginEmpty(page);
    await canvas(page).focus();
    await typeIn(page, 'conv 8 3 p1 relu residual (conv 16 3 p1 relu) gap flatten linear 10');
    await expect.poll(() => problem(page), patience).toMatch(/Residual 2/);
    await line(page, 'Residual').first().click();
    await expect.poll(() => inspector(page).locator('.fault').innerText(), patience).toMatch(/Residual 2/);
    expect(await page.locator('body').innerText()).not.toContain('networks.main');
  });

  it.runIf(isHere)('lead to the module', async () => {
    await page.getByRole('contentinfo').getByRole('button').first().click();
    await showPlace(page, 'Train');
    await page
      .getByRole('contentinfo')
      .getByRole('listitem')
      .filter({ hasText: 'Residual 2' })
      .getByRole('button')
      .click();
    await expect.poll(() => line(page, 'Residual').first().getAttribute('aria-selected'), patience).toBe('true');
  });

  it.runIf(isHere)('lead there from a notice too', async () => {
    await line(page, 'Conv2d, 8').click();
    await line(page, 'Flatten').click({ modifiers: ['Control'] });
    await page.keyboard.press('Control+g');
    const notice = page.getByRole('list', { name: 'Errors, newest first' }).getByRole('listitem');
    await notice.getByRole('button', { name: 'Show Conv2d 0' }).click();
    await expect.poll(() => line(page, 'Conv2d, 8').getAttribute('aria-selected'), patience).toBe('true');
    await expect.poll(() => line(page, 'Flatten').getAttribute('aria-selected'), patience).toBe('false');
  });
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, patience, runShown, showPlace, trainToTheEnd, writeSetting } from './hands.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let one: Page;
let other: Page;

describe.runIf(hasBrowser)('two projects of one name in two browsers', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    one = shell.page;
    await beginRecipe(one, 'spirals');
    await writeSetting(one, 'Epochs', 3);
    other = await shell.openAnother();
    await other.getByRole('button', { name: 'Work on a copy' }).click();
  });
  afterAll(() => shell.close());

  it('keep each its own run when the other one has trained', async () => {
    await beginSpirals(other);
    const first = await trainToTheEnd(one);
    const second = await trainToTheEnd(other);
    expect(second).not.toBe(first);
    await expect.poll(() => runShown(one), patience).toBe(first);
    expect(await one.getByText('run of another project').count()).toBe(0);
    await showPlace(one, 'Evaluate');
    await expect.poll(() => evaluated(one), patience).toBe(first);
    await showPlace(other, 'Evaluate');
    await expect.poll(() => evaluated(other), patience).toBe(second);
  });

  it('leave a new project without a run of its own, until one of theirs is chosen', async () => {
    await other.keyboard.press('Control+Shift+n');
    await other.getByRole('button', { name: 'Discard changes' }).click();
    for (const place of ['Evaluate', 'Export']) {
      await showPlace(other, place);
      const choice = other.getByRole('combobox', { name: 'Run', exact: true });
      await expect.poll(() => choice.inputValue(), patience).toBe('');
      const titles = await choice.getByRole('option', { disabled: false }).allInnerTexts();
      expect(titles).toHaveLength(2);
      for (const title of titles) expect(title).toMatch(/^spirals: /);
    }
  });

  it('are selected together in Runs by Ctrl and by Shift', async () => {
    await showPlace(other, 'Runs');
    const row = (index: number) => other.locator(`tr[data-row="${index}"]`);
    const selected = () => other.locator('tr[data-row][aria-selected=true]').count();
    for (const modifier of ['Control', 'Shift'] as const) {
      await row(0).click();
      await expect.poll(selected).toBe(1);
      await row(1).click({ modifiers: [modifier] });
      await expect.poll(selected).toBe(2);
      expect(await other.evaluate('String(getSelection())')).toBe('');
    }
  });

  it('refuse each other’s names beside the field, and forget a Delete that is not confirmed', async () => {
    await other.getByRole('tab', { name: 'Details' }).click();
    const field = other.getByLabel('Name', { exact: true });
    const own = await field.inputValue();
    const names = await other.locator('tr[data-row] td:nth-child(3)').allInnerTexts();
    const taken = names.find((name) => name !== own)!;
    await field.fill(taken);
    await field.press('Enter');
    await other.getByRole('region', { name: 'Selected runs' }).getByRole('alert').waitFor();
    expect(await field.inputValue()).toBe(taken);
    await field.fill(`${own}-renamed`);
    await field.press('Enter');
    await other.locator('tr[data-row]').getByText(`${own}-renamed`).waitFor();
    expect(await other.getByRole('alert').count()).toBe(0);

    // The second click of a double click does not answer what the first one has asked.
    const before = await other.locator('tr[data-row]').count();
    await other.getByRole('button', { name: 'Delete', exact: true }).dblclick();
    const armed = other.getByRole('button', { name: /^Delete \d/ });
    await armed.waitFor();
    await other.getByRole('tab', { name: 'Curves' }).click();
    await expect.poll(() => armed.count()).toBe(0);
    expect(await other.locator('tr[data-row]').count()).toBe(before);
  });

  it('are not selected any more once a search hides them', async () => {
    const toolbar = other.getByRole('searchbox');
    const selected = () => other.locator('tr[data-row][aria-selected=true]').count();
    expect(await selected()).toBe(2);
    await toolbar.fill('nothing is called so');
    await expect.poll(() => other.locator('tr[data-row]').count(), patience).toBe(0);
    await toolbar.fill('');
    await expect.poll(() => other.locator('tr[data-row]').count(), patience).toBe(2);
    expect(await selected()).toBe(0);
  });

  it('take their runs along when they are renamed', async () => {
    const choice = one.getByRole('combobox', { name: 'Run', exact: true });
    // Of another project the name of that stands before the run's.
    const mine = (): Promise<string> => choice.locator('option:checked').innerText();
    expect(await mine()).toMatch(/^spirals-\d/);
    await one.keyboard.press('Control+k');
    await one.getByRole('combobox', { name: 'Command' }).fill('rename project');
    await one.keyboard.press('Enter');
    await one.getByLabel('Name', { exact: true }).fill('Spiralen');
    await one.getByRole('button', { name: 'Rename' }).click();
    await expect
      .poll(() => one.getByRole('banner').getByRole('heading').first().innerText(), patience)
      .toBe('Spiralen');
    await expect.poll(mine, patience).toMatch(/^spirals-\d/);
    await showPlace(one, 'Train');
    expect(await one.getByText('run of another project').count()).toBe(0);
    await showPlace(one, 'Runs');
    await expect
      .poll(() => one.locator('tr[data-row]').getByText('Spiralen', { exact: true }).count(), patience)
      .toBe(1);
  });

  async function beginSpirals(page: Page): Promise<void> {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill('recipe spirals');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('banner').getByRole('heading', { name: 'spirals', exact: true }).waitFor();
    await showPlace(page, 'Train');
    await writeSetting(page, 'Epochs', 3);
  }

  function evaluated(page: Page): Promise<string> {
    return page.getByRole('combobox', { name: 'Run', exact: true }).inputValue();
  }
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, problem, selectNothing, typeIn } from './design-hands.ts';
import {
  beginRecipe,
  deleteAfterQuestion,
  patience,
  pointsDrawn,
  showPlace,
  trainButton,
  untilFinished,
  writeSetting,
} from './hands.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;
let folder: string;
const before = process.env['TORCHWRIGHT_CACHE'];
/** What the page throws. */
const errors: string[] = [];

describe.runIf(hasBrowser)('what the window shows', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
    process.env['TORCHWRIGHT_CACHE'] = path.join(folder, 'cache');
    shell = await openBrowser();
    ({ page } = shell);
    page.on('pageerror', ({ stack, message }) => errors.push(stack ?? message));
    await beginRecipe(page, 'mnist-logit');
    await writeSetting(page, 'Epochs', 1);
  });
  afterAll(async () => {
    await shell.close();
    if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
    else process.env['TORCHWRIGHT_CACHE'] = before;
    await rm(folder, { recursive: true, force: true });
  });

  it('does not train while a field is wrong, wherever the user goes', async () => {
    await rate().fill('abc');
    await expect.poll(() => trainButton(page, 'Train').isEnabled()).toBe(false);
    await page.keyboard.press('Control+Enter');
    const listed = page.locator('#problems').getByRole('button');
    await expect.poll(() => listed.count()).toBe(1);
    await showPlace(page, 'Data');
    const scale = page.getByRole('form', { name: 'Data preparation' }).getByLabel('Scale', { exact: true });
    await scale.fill('');
    await expect.poll(() => listed.count()).toBe(2);
    await showPlace(page, 'Train');
    expect(await rate().inputValue()).toBe('abc');
    expect(await trainButton(page, 'Train').isEnabled()).toBe(false);
    expect(await page.getByRole('progressbar', { name: 'Training progress' }).count()).toBe(0);
    await listed.last().click();
    await expect.poll(() => page.locator(':focus').getAttribute('data-at')).toBe('data.normalise.scale');
    await scale.fill('1/127.5');
    await scale.press('Enter');
    await expect.poll(() => listed.count()).toBe(1);
    await page.locator('footer .toggle').click();
  });

  it('refuses in words what no project file can hold, and keeps the rest', async () => {
    await showPlace(page, 'Train');
    const weights = page.getByRole('form', { name: 'How to train' }).getByLabel('Class weights');
    await weights.fill('1, -2');
    await weights.press('Tab');
    await page.getByText('Class weights must be at least 0, not -2.').first().waitFor();
    expect(await page.getByRole('region', { name: 'Errors', exact: true }).count()).toBe(0);
    await weights.fill('');
    await weights.press('Tab');
  });

  it('keeps what is typed when a refused text turns into one that can be taken', async () => {
    await showPlace(page, 'Train');
    const form = page.getByRole('form', { name: 'How to train' });
    await form.getByLabel('Schedule', { exact: true }).selectOption('List');
    const rates = form.getByLabel('Rates', { exact: true });
    const type = async (text: string) => {
      await rates.press('Control+A');
      await rates.pressSequentially(text);
      await rates.press('Enter');
    };
    await type('1, x');
    expect(await rates.getAttribute('aria-invalid')).toBe('true');
    await type('3e-1, 1e-1');
    expect(await rates.inputValue()).toBe('0.3, 0.1');
    // While it is typed into, the field goes: what was typed is of nothing.
    await rates.press('Control+A');
    await rates.pressSequentially('0.7, ?');
    await form.getByLabel('Schedule', { exact: true }).selectOption('Constant');
    await expect.poll(() => rate().count()).toBe(1);
    expect(await page.locator('#problems').getByRole('button').count()).toBe(0);
    expect(errors).toEqual([]);

    await showPlace(page, 'Design');
    await drawn(page, 'Linear').click();
    const name = page.getByLabel('Name', { exact: true });
    await name.fill('1st');
    await name.press('Enter');
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    await name.press('Control+A');
    await name.pressSequentially('first');
    await name.press('Enter');
    expect(await name.inputValue()).toBe('first');
    await name.fill('');
    await name.press('Enter');
  });

  it('trains with what stands in a field, though the field was not left', async () => {
    await showPlace(page, 'Train');
    await rate().fill('0.02');
    await page.keyboard.press('Control+Enter');
    await untilFinished(page);
    const table = page.getByRole('region', { name: 'Epochs' }).getByRole('table');
    expect(await table.getByRole('row').last().innerText()).toMatch(/^1\s+0\.02\s/);
  });

  it('draws the curves of the run that is clicked, and of the next', async () => {
    await trainButton(page, 'Train').click();
    await showPlace(page, 'Runs');
    const rows = page.locator('tr[data-row]');
    await expect.poll(() => rows.count(), patience).toBe(2);
    await expect.poll(() => rows.first().innerText(), patience).toMatch(/finished/i);
    for (const row of [0, 1, 0]) {
      await rows.nth(row).click();
      await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(2);
    }
    expect(errors).toEqual([]);
  });

  it('closes charts whose size has just changed', async () => {
    for (const width of [1100, 1300, 1200]) {
      await showPlace(page, 'Runs');
      await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(2);
      await page.setViewportSize({ width, height: 800 });
      // The size is told to a chart in the next frame, the chart drawn anew 60 ms later: between the two it goes.
      await page.evaluate(`(async () => {
        for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        [...document.querySelectorAll('nav button')].find(({ innerText }) => innerText.startsWith('Data')).click();
      })()`);
      await page.waitForTimeout(200);
    }
    expect(errors).toEqual([]);
  });

  it('shows a run nowhere once it is deleted', async () => {
    await showPlace(page, 'Runs');
    const rows = page.locator('tr[data-row]');
    await rows.first().click();
    await deleteAfterQuestion(page.getByRole('button', { name: /^(Delete|Delete .*\?)$/ }));
    await expect.poll(() => rows.count(), patience).toBe(1);
    await expect.poll(() => page.getByRole('progressbar', { name: 'Training progress' }).count()).toBe(0);
    await showPlace(page, 'Evaluate');
    await expect.poll(() => page.getByRole('combobox', { name: 'Run', exact: true }).locator('option').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('asks an empty project for its data, then for its network, without an error', async () => {
    await page.keyboard.press('Control+Shift+n');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect.poll(() => problem(page)).toContain('Choose a data set');
    expect(await page.locator('footer .bad').count()).toBe(0);
    expect(await trainButton(page, 'Train').isEnabled()).toBe(false);
    const table = path.join(folder, 'flowers.csv');
    const rows = Array.from({ length: 60 }, (_, row) => `${row},${row % 7},${['rose', 'iris', 'lily'][row % 3]}`);
    await writeFile(table, `length,width,kind\n${rows.join('\n')}\n`);
    const own = page.getByRole('region', { name: 'Your own data' });
    await own.getByRole('textbox').fill(table);
    await own.getByRole('button', { name: 'Import', exact: true }).click();
    await expect.poll(() => problem(page)).toContain('Add modules');
    expect(await page.locator('footer .bad').count()).toBe(0);
    expect(await trainButton(page, 'Train').isEnabled()).toBe(false);
  });

  it('checks a network against data of one’s own: status, canvas and Train agree', async () => {
    await insert('conv 4 3');
    await expect.poll(() => problem(page)).toContain('Conv2d');
    expect(await trainButton(page, 'Train').isEnabled()).toBe(false);
    await page.keyboard.press('Control+z');
    await insert('linear 10');
    await expect.poll(() => problem(page)).toContain('[3]');
    expect(await trainButton(page, 'Train').isEnabled()).toBe(false);
    await selectNothing(page);
    await page.getByRole('button', { name: /^Set out_features of the last Linear to 3/ }).click();
    await expect.poll(() => problem(page)).toBe('No problems');
    expect(await trainButton(page, 'Train').isEnabled()).toBe(true);
  });

  function rate(): Locator {
    return page.getByRole('form', { name: 'How to train' }).getByLabel('Rate', { exact: true });
  }

  async function insert(typed: string): Promise<void> {
    await showPlace(page, 'Design');
    await page.getByRole('tree', { name: 'Modules of the network' }).getByRole('treeitem').last().click();
    // A click on an empty place asks at once what is to be there.
    await page.getByRole('combobox', { name: 'Modules to insert' }).waitFor();
    await typeIn(page, typed);
  }
});

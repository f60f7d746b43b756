import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, patience, showPlace, trainButton, untilEpochs, untilFinished, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

describe.runIf(hasBrowser)('averaged weights in the window', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  it('are asked for in Train, and the schedule is drawn with its hold', async () => {
    await beginRecipe(page, 'mnist-logit');
    await writeSetting(page, 'Epochs', 4);
    const form = page.getByRole('form', { name: 'How to train' });
    await form.getByText('Averaged weights').click();
    const drawing = form.getByRole('img', { name: /^Learning rate/ });
    await form.getByLabel('Schedule', { exact: true }).selectOption('Cosine');
    const falling = await drawing.getAttribute('aria-label');
    await form.getByLabel('Average', { exact: true }).selectOption('swa');
    await writeSetting(page, 'First epoch', 2);
    await form.getByText('The weights after each of the last 3 epochs are averaged.').waitFor();
    // Held at half the cosine, .02, instead of falling to 0.
    expect(falling).toMatch(/ to 0\.00/);
    expect(await drawing.getAttribute('aria-label')).toMatch(/ to 0\.02/);
    await form.getByText('The weights after each').scrollIntoViewIfNeeded();
    expect(await faultsOf(page, 'averaging-settings')).toEqual([]);
  });

  it('are drawn and listed beside the last ones', async () => {
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    // The table takes in new epochs once a second.
    await untilEpochs(page, 4);
    const table = page.getByRole('region', { name: 'Epochs' }).getByRole('table');
    const titles = (await table.getByRole('columnheader').allInnerTexts()).map((title) => title.trim());
    const rows = (await table.innerText()).split('\n').filter((line) => line.includes('\t'));
    const cells = rows.slice(1).map((row) => row.split('\t')[titles.indexOf('Averaged')]!.trim());
    // Newest first; the first epoch is in no average.
    expect(cells.map((cell) => /\d %$/.test(cell))).toEqual([true, true, true, false]);
    await page.getByText('With the averaged weights').waitFor();
    expect(await faultsOf(page, 'averaging-train')).toEqual([]);
  });

  it('have a column in Runs', async () => {
    await showPlace(page, 'Runs');
    const row = page.getByRole('row', { name: /mnist-logit/ }).first();
    await row.waitFor();
    const cells = await row.getByRole('cell').allInnerTexts();
    const titles = await page.getByRole('columnheader').allInnerTexts();
    expect(cells[titles.findIndex((title) => title.includes('Averaged'))]).toMatch(/\d %$/);
    await page.getByRole('checkbox', { name: /^Compare mnist-logit/ }).check();
    await page.getByRole('img', { name: /^Accuracy/ }).waitFor();
    expect(await faultsOf(page, 'averaging-runs')).toEqual([]);
  });

  it('can be chosen in Evaluate', async () => {
    await showPlace(page, 'Evaluate');
    for (const choice of ['last', 'averaged'] as const) {
      await page.getByLabel('Weights', { exact: true }).selectOption(choice, patience);
      await page
        .getByText(new RegExp(`^[\\d,]+ of 10,000 test samples predicted correctly .*, ${choice} weights`))
        .waitFor();
    }
    expect(await faultsOf(page, 'averaging-evaluate')).toEqual([]);
  });
});

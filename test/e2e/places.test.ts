import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginRecipe,
  epochsShown,
  patience,
  runShown,
  showPlace,
  trainButton,
  trainingState,
  writeSetting,
} from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

describe.runIf(hasBrowser)('every place, in both themes', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  it('start', async () => {
    await page.getByRole('button', { name: /^mnist-logit/ }).waitFor();
    expect(await faultsOf(page, 'start')).toEqual([]);
  });

  it('Train, before the first run', async () => {
    await beginRecipe(page, 'mnist-logit');
    await page.getByRole('region', { name: 'What will be trained' }).waitFor();
    expect(await faultsOf(page, 'train-before')).toEqual([]);
  });

  it('Train, while it trains', async () => {
    await writeSetting(page, 'Epochs', 5);
    await trainButton(page, 'Train').click();
    await expect.poll(() => trainingState(page), patience).toBe('Finished');
    await page.keyboard.press('Control+n');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^mnist-linear/ })
      .click();
    await page.getByRole('button', { name: 'Replace it' }).click();
    await writeSetting(page, 'Epochs', 30);
    await trainButton(page, 'Train').click();
    await expect.poll(() => runShown(page), patience).toMatch(/^mnist-linear/);
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThanOrEqual(3);
    await page.getByRole('list', { name: 'Misclassified test images' }).waitFor();
    expect(await faultsOf(page, 'train')).toEqual([]);
  });

  it('Design', async () => {
    await showPlace(page, 'Design');
    await page.getByRole('tree', { name: 'Modules of the network' }).waitFor();
    expect(await faultsOf(page, 'design')).toEqual([]);
  });

  it('Data', async () => {
    await showPlace(page, 'Data');
    await page.getByRole('region', { name: 'Data sets' }).getByRole('article').first().waitFor();
    expect(await faultsOf(page, 'data')).toEqual([]);
  });

  it('Runs', async () => {
    await showPlace(page, 'Runs');
    for (const run of ['mnist-logit', 'mnist-linear']) {
      await page.getByRole('checkbox', { name: new RegExp(`^Compare ${run}`) }).check();
    }
    await page.getByRole('img', { name: /^Test accuracy/ }).waitFor();
    expect(await faultsOf(page, 'runs')).toEqual([]);
    await page.getByRole('tab', { name: 'Facts and notes' }).click();
    expect(await faultsOf(page, 'runs-facts')).toEqual([]);
    await page.getByRole('tab', { name: 'Difference of settings' }).click();
    expect(await faultsOf(page, 'runs-difference')).toEqual([]);
  });

  it('Evaluate', async () => {
    await showPlace(page, 'Evaluate');
    await page.getByRole('listbox', { name: 'Test images, by their true class' }).waitFor(patience);
    expect(await faultsOf(page, 'evaluate')).toEqual([]);
  });

  it('Export', async () => {
    await showPlace(page, 'Export');
    const asked = page.getByRole('region', { name: 'New export' });
    await asked.getByLabel('Format').selectOption({ label: 'ONNX' });
    await asked.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('heading', { level: 2, name: 'onnx' }).waitFor(patience);
    expect(await faultsOf(page, 'export')).toEqual([]);
  });

  it('the list of commands', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    expect(await faultsOf(page, 'commands')).toEqual([]);
  });
});

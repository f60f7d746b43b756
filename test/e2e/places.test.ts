import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset } from '../../main/datasets/import/import-dataset.ts';
import { cacheFolder } from '../../main/paths.ts';
import { holdTrainings } from '../step-gate.ts';
import {
  beginRecipe,
  patience,
  runShown,
  showPlace,
  stepsPerEpoch,
  trainButton,
  trainToTheEnd,
  untilEpochs,
  writeSetting,
} from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

/** Data of one's own with so many classes that their list scrolls. */
async function importManyClasses(): Promise<void> {
  const table = path.join(cacheFolder(), 'many-classes.csv');
  const rows = Array.from({ length: 200 }, (_, row) => `${row},class number ${row % 100}`);
  await writeFile(table, ['value,label', ...rows].join('\n'));
  await importDataset(table, {});
}

describe.runIf(hasBrowser)('every place, in both themes', () => {
  beforeAll(async () => {
    await importManyClasses();
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
    await page.getByRole('region', { name: 'Training overview' }).waitFor();
    expect(await faultsOf(page, 'train-before')).toEqual([]);
  });

  it('Train, while it trains', async () => {
    await writeSetting(page, 'Epochs', 2);
    await trainToTheEnd(page);
    await page.keyboard.press('Control+n');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^mnist-linear/ })
      .click();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await writeSetting(page, 'Epochs', 30);
    // It waits there as long as the other places are looked at.
    await holdTrainings(3 * stepsPerEpoch + 50);
    await trainButton(page, 'Train').click();
    await expect.poll(() => runShown(page), patience).toMatch(/^mnist-linear/);
    await untilEpochs(page, 3);
    await page.getByRole('list', { name: 'Misclassified test images' }).waitFor();
    expect(await faultsOf(page, 'train')).toEqual([]);
  });

  it('Train, after another place was looked at, with the errors of the last epoch', async () => {
    await showPlace(page, 'Data');
    await showPlace(page, 'Train');
    await page.getByRole('list', { name: 'Misclassified test images' }).waitFor();
  });

  it('Design', async () => {
    await showPlace(page, 'Design');
    await page.getByRole('tree', { name: 'Modules of the network' }).waitFor();
    expect(await faultsOf(page, 'design')).toEqual([]);
  });

  it('Data', async () => {
    await showPlace(page, 'Data');
    await page.getByRole('region', { name: 'Data sets' }).getByRole('article').first().waitFor();
    await page.getByRole('heading', { name: 'many-classes.csv' }).scrollIntoViewIfNeeded();
    expect(await faultsOf(page, 'data')).toEqual([]);
  });

  it('Runs', async () => {
    await showPlace(page, 'Runs');
    for (const run of ['mnist-logit', 'mnist-linear']) {
      await page.getByRole('checkbox', { name: new RegExp(`^Compare ${run}`) }).check();
    }
    await page.getByRole('img', { name: /^Test accuracy/ }).waitFor();
    expect(await faultsOf(page, 'runs')).toEqual([]);
    await page.getByRole('tab', { name: 'Details' }).click();
    expect(await faultsOf(page, 'runs-facts')).toEqual([]);
    await page.getByRole('tab', { name: 'Settings', exact: true }).click();
    expect(await faultsOf(page, 'runs-difference')).toEqual([]);
  });

  it('Evaluate', async () => {
    await showPlace(page, 'Evaluate');
    await page.getByRole('listbox', { name: 'Test images, by their true class' }).waitFor();
    expect(await faultsOf(page, 'evaluate')).toEqual([]);
  });

  it('Export', async () => {
    await showPlace(page, 'Export');
    const asked = page.getByRole('region', { name: 'New export' });
    await asked.getByLabel('Format').selectOption({ label: 'ONNX' });
    await asked.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('heading', { level: 2, name: 'onnx' }).waitFor();
    expect(await faultsOf(page, 'export')).toEqual([]);
  });

  it('the list of commands', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    expect(await faultsOf(page, 'commands')).toEqual([]);
  });
});

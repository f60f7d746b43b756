import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginRecipe,
  epochsShown,
  patience,
  runShown,
  showPlace,
  trainToTheEnd,
  untilEpochs,
  untilFinished,
  writeSetting,
} from './hands.ts';
import { faultsOf } from './judged.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

function recipeForm(): Locator {
  return page.getByRole('form', { name: 'How to train' });
}

async function openGroup(title: string): Promise<void> {
  await recipeForm().getByRole('heading', { name: title }).click();
}

/** One after another: a run is made that the next one begins with. */
describe.each(shells)('by hand in $name', ({ name, isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
    await beginRecipe(page, 'mnist-logit');
    await writeSetting(page, 'Batch size', 600);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('its cost is estimated, then measured, and a batch that no memory holds is warned of', async () => {
    const cost = page.getByRole('region', { name: 'Expected cost' });
    await expect.poll(() => cost.innerText(), patience).toMatch(/Memory\s+about \d+ MB/);
    await cost.getByRole('button', { name: 'Measure' }).click();
    await expect.poll(() => cost.innerText(), patience).toMatch(/Time per epoch\s+[\d.:]+( s)?\s+All epochs/);
    expect(await cost.innerText()).toMatch(/Memory\s+\d+ MB/);
    expect(await cost.getByRole('status').count()).toBe(0);
    await writeSetting(page, 'Batch size', 1e12);
    await cost.getByRole('status').waitFor();
    await writeSetting(page, 'Batch size', 600);
    await cost.getByRole('status').waitFor({ state: 'detached' });
  });

  it.runIf(isHere)('a rate is found, drawn, and set', async () => {
    await page.getByRole('button', { name: 'Find a rate…' }).click();
    const finder = page.getByRole('region', { name: 'Find a learning rate' });
    await finder.getByRole('button', { name: 'Start search' }).click();
    const words = finder.getByRole('status');
    await expect.poll(() => words.innerText(), patience).toMatch(/halfway to its minimum near [\d.e-]+/);
    const label = await finder.getByRole('img', { name: /^Loss by rate/ }).getAttribute('aria-label');
    expect(Number(/(\d+) points/.exec(label!)![1])).toBeGreaterThan(50);
    expect(await faultsOf(page, `rate-finder-${name.toLowerCase()}`)).toEqual([]);

    const button = finder.getByRole('button', { name: /^Set learning rate to/ });
    const rate = /to ([\d.e-]+)$/.exec(await button.innerText())![1]!;
    await button.click();
    expect(Number(await recipeForm().getByLabel('Rate', { exact: true }).inputValue())).toBe(Number(rate));
    await page.keyboard.press('Control+z');
    await finder.getByRole('button', { name: 'Close' }).click();
    expect(await finder.count()).toBe(0);
  });

  it.runIf(isHere)('a training stops early, and says so', async () => {
    await openGroup('Early stopping');
    await recipeForm().getByLabel('Stop early').check();
    await recipeForm().getByLabel('Monitored metric').selectOption('test accuracy');
    await writeSetting(page, 'Patience, epochs', 1);
    await writeSetting(page, 'Minimum change', 0.5);
    await trainToTheEnd(page);
    await page.getByText('Stopped early: the test accuracy had not improved for 1 epoch.').waitFor();
    expect(await faultsOf(page, `early-stop-${name.toLowerCase()}`)).toEqual([]);
  });

  it.runIf(isHere)('a precision is chosen for this machine, and told with the run', async () => {
    await openGroup('Precision');
    const format = recipeForm().getByLabel('Number format');
    await format.selectOption('automatic');
    await trainToTheEnd(page);
    await page.getByText(/, (float32|bfloat16) chosen automatically$/).waitFor();
    expect(await faultsOf(page, `precision-${name.toLowerCase()}`)).toEqual([]);
    await page.reload();
    await page.getByText(/, (float32|bfloat16) chosen automatically$/).waitFor();
    // The run is of the very project that is open, whose time is known by it.
    await page.getByText(/^Measured: (1 epoch|median of \d+ epochs) of /).waitFor();
    await openGroup('Precision');
    await format.selectOption('float32');
  });

  it.runIf(isHere)('a training begins with the weights of the one before', async () => {
    const before = await runShown(page);
    await openGroup('Initial weights');
    await recipeForm().getByLabel('Start from').selectOption(before);
    await trainToTheEnd(page);
    const report = page.getByText(`Started from weights of ${before}, epoch 1: 2 of 2 tensors`);
    await report.click();
    await page.getByText('1.weight, 1.bias').waitFor();
    expect(await faultsOf(page, `initial-weights-${name.toLowerCase()}`)).toEqual([]);
  });

  it.runIf(isHere)('a finished run is trained further, also from Runs', async () => {
    const run = await runShown(page);
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(0);
    const done = await epochsShown(page);
    const epochs = page.getByRole('form', { name: 'Train more' }).getByLabel('Total epochs');
    await epochs.fill(String(done));
    expect(await page.getByRole('button', { name: 'Train more' }).isDisabled()).toBe(true);
    await epochs.fill(String(done + 1));
    expect(await faultsOf(page, `train-more-${name.toLowerCase()}`)).toEqual([]);
    await epochs.press('Enter');
    await untilEpochs(page, done + 1);
    await untilFinished(page);
    expect(await runShown(page)).toBe(run);

    await showPlace(page, 'Runs');
    const finished = page.getByRole('row').filter({ hasText: 'Finished' }).first();
    await finished.waitFor();
    // One run alone is trained further; another may be chosen already.
    for (const box of await page.getByRole('checkbox', { name: /^Compare/, checked: true }).all()) await box.uncheck();
    await finished.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Train more…' }).click();
    await page.getByRole('form', { name: 'Train more' }).waitFor();
  });

  it.runIf(isHere)('Evaluate says of a recipe that augments nothing that there are no views to average', async () => {
    await showPlace(page, 'Evaluate');
    const choice = page.getByLabel('Test-time augmentation');
    await expect.poll(() => choice.isDisabled(), patience).toBe(true);
    await page.getByTitle(/neither crops nor flips its images/).waitFor();
    expect(await faultsOf(page, `evaluate-views-${name.toLowerCase()}`)).toEqual([]);
  });
});

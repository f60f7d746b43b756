import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, patience, runShown, showPlace, trainButton, trainingState, writeSetting } from './hands.ts';
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

async function trainToTheEnd(): Promise<void> {
  await trainButton(page, 'Train').click();
  await trainButton(page, 'Stop').waitFor();
  await expect.poll(() => trainingState(page), patience).toBe('Finished');
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

  it.runIf(isHere)('a rate is found, drawn, and set', async () => {
    await page.getByRole('button', { name: 'Find a rate…' }).click();
    const finder = page.getByRole('region', { name: 'Find a learning rate' });
    await finder.getByRole('button', { name: 'Find' }).click();
    const words = finder.getByRole('status');
    await expect.poll(() => words.innerText(), patience).toMatch(/falls fastest near [\d.e-]+/);
    const label = await finder.getByRole('img', { name: /^Loss by rate/ }).getAttribute('aria-label');
    expect(Number(/(\d+) points/.exec(label!)![1])).toBeGreaterThan(50);
    expect(await faultsOf(page, `rate-finder-${name.toLowerCase()}`)).toEqual([]);

    const button = finder.getByRole('button', { name: /^Set the schedule’s rate to/ });
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
    await recipeForm().getByLabel('Looks at').selectOption('test accuracy');
    await writeSetting(page, 'Patience, epochs', 1);
    await writeSetting(page, 'Least change', 0.5);
    await trainToTheEnd();
    await page.getByText('Stopped early: the test accuracy had not improved for one epoch.').waitFor();
    expect(await faultsOf(page, `early-stop-${name.toLowerCase()}`)).toEqual([]);
  });

  it.runIf(isHere)('a training begins with the weights of the one before', async () => {
    const before = await runShown(page);
    await openGroup('Initial weights');
    await recipeForm().getByLabel('Begin with').selectOption(before);
    await trainToTheEnd();
    const report = page.getByText(`Began with weights of ${before}, epoch 1: 2 of 2 tensors`);
    await report.click();
    await page.getByText('1.weight, 1.bias').waitFor();
    expect(await faultsOf(page, `initial-weights-${name.toLowerCase()}`)).toEqual([]);
  });

  it.runIf(isHere)('Evaluate says of a recipe that augments nothing that there are no views to average', async () => {
    await showPlace(page, 'Evaluate');
    await page.getByLabel('Test-time augmentation').click(patience);
    await page.getByText(/neither crops nor flips its images/).waitFor();
    expect(await faultsOf(page, `evaluate-views-${name.toLowerCase()}`)).toEqual([]);
  });
});

import { setTimeout } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { holdTrainings } from '../step-gate.ts';

/** The window as a person uses it: by what is written on its controls. Nothing here knows the page's inside. */

/** However busy the machine is. Milliseconds. */
export const patience = { timeout: 150_000, interval: 100 };

export async function beginRecipe(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name: 'Train your first network in two minutes' }).waitFor();
  await page.getByRole('button', { name: new RegExp(`^${name}\\b`) }).click();
}

export async function writeSetting(page: Page, label: string, value: number): Promise<void> {
  const field = page.getByRole('form', { name: 'How to train' }).getByLabel(label, { exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

/** Train, Pause, Resume and Stop in the top bar. */
export function trainButton(page: Page, name: string): Locator {
  return page.getByRole('group', { name: 'Training' }).getByRole('button', { name, exact: true });
}

/** Of the recipes on MNIST that are met in mid-training here. */
export const stepsPerEpoch = 600;

/** More than any test trains. */
export const manyEpochs = 1000;

/** A recipe with many epochs: it waits a little after those that are wanted. `holdTrainings` leads it on. */
export async function trainAndHold(page: Page, recipe: string, epochs = 2): Promise<void> {
  await beginRecipe(page, recipe);
  await writeSetting(page, 'Epochs', manyEpochs);
  await holdTrainings(epochs * stepsPerEpoch + 50);
  await trainButton(page, 'Train').click();
  await untilEpochs(page, epochs);
}

/** Trains what is open to the end, and gives the run. */
export async function trainToTheEnd(page: Page): Promise<string> {
  const heading = page.getByRole('main').getByRole('heading', { level: 1 });
  const shown = async (): Promise<string> => ((await heading.count()) === 0 ? '' : runShown(page));
  const before = await shown();
  await trainButton(page, 'Train').click();
  await expect.poll(shown, patience).not.toBe(before);
  await untilFinished(page);
  return runShown(page);
}

/** Presses a button that asks whether to delete, and presses it again once the question can have been read. */
export async function deleteAfterQuestion(button: Locator): Promise<void> {
  await button.click();
  await expect.poll(() => button.innerText()).toMatch(/\?\s*$/);
  // An answer that comes with a double click is none.
  await setTimeout(800);
  await button.click();
}

/** However slow the training is: it fails only where nothing goes on any more. */
export async function untilFinished(page: Page): Promise<void> {
  await whileItGoesOn(page, async () => (await trainingState(page)) === 'Finished');
}

/** Until so many whole epochs are shown: likewise. */
export async function untilEpochs(page: Page, epochs: number): Promise<void> {
  await whileItGoesOn(page, async () => (await epochsShown(page)) >= epochs);
  expect(await epochsShown(page)).toBe(epochs);
}

async function whileItGoesOn(page: Page, isReached: () => Promise<boolean>): Promise<void> {
  const progress = (): Promise<string> => page.getByRole('banner').getByRole('progressbar').locator('..').innerHTML();
  while (!(await isReached())) {
    const before = await progress();
    await expect.poll(async () => (await isReached()) || (await progress()) !== before, patience).toBe(true);
  }
}

/** Its first words say what the training is doing. */
export async function trainingState(page: Page): Promise<string> {
  return page
    .getByRole('banner')
    .getByRole('progressbar')
    .locator('..')
    .getByRole('button')
    .locator('strong')
    .innerText();
}

/** The id of the run that is watched; empty before there is one. */
export async function runShown(page: Page): Promise<string> {
  return (await page.getByRole('main').getByRole('heading', { level: 1 }).getAttribute('title')) ?? '';
}

/** Whole epochs in the table below the charts. */
export async function epochsShown(page: Page): Promise<number> {
  const table = epochTable(page);
  return (await table.count()) === 0 ? 0 : Number(await table.getAttribute('aria-rowcount')) - 1;
}

function epochTable(page: Page): Locator {
  return page.getByRole('region', { name: 'Epochs' }).getByRole('table');
}

/** Of what is in sight of the table below the charts, newest first; percent. */
export async function testAccuracies(page: Page, of = 'Test accuracy'): Promise<readonly number[]> {
  const table = epochTable(page);
  if ((await table.count()) === 0) return [];
  const titles = await table.getByRole('columnheader').allInnerTexts();
  const column = titles.findIndex((title) => title.trim() === of);
  const lines = (await table.innerText()).split('\n').filter((line) => line.includes('\t'));
  return lines.slice(1).map((row) => Number.parseFloat(row.split('\t')[column]!.replace(/[^\d.]/g, '')));
}

/** Of all lines of a chart, as it says itself to those who cannot see it. */
export async function pointsDrawn(page: Page, chart: string): Promise<number> {
  const image = page.getByRole('img', { name: new RegExp(`^${chart} by epoch`) });
  const words = (await image.getAttribute('aria-label')) ?? '';
  return Number(/([\d,]+) points/.exec(words)?.[1]?.replaceAll(',', ''));
}

export async function showPlace(page: Page, place: string): Promise<void> {
  const button = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: place });
  await button.click();
  await expect.poll(() => button.getAttribute('aria-current')).toBe('page');
}

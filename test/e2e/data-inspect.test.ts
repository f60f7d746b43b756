import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, patience, showPlace, trainButton, untilFinished, writeSetting } from './hands.ts';
import { faultsOf, picture } from './judged.ts';
import { savingShells } from './saving.ts';
import type { SavingShell } from './saving.ts';

describe.for(savingShells.filter(({ isHere }) => isHere))('a data set in $name', ({ name, open }) => {
  let shell: SavingShell;
  let page: Page;
  const shot = (what: string): string => `data-${what}-${name.toLowerCase()}`;

  beforeAll(async () => {
    shell = await open();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  const set = () => page.getByRole('region', { name: 'Data set mnist' });
  const tab = (title: string) => set().getByRole('tab', { name: title });
  const settings = () => page.getByRole('form', { name: 'Data preparation' });

  it('shows samples of every class, and others when asked', async () => {
    await beginRecipe(page, 'mnist-logit');
    await writeSetting(page, 'Epochs', 1);
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    await showPlace(page, 'Data');
    const card = page
      .getByRole('region', { name: 'Data sets' })
      .getByRole('article')
      .filter({ hasText: 'handwritten' });
    await card.getByRole('button', { name: 'Inspect' }).click();
    const samples = set().getByLabel('Samples of each class');
    await samples.waitFor();
    await expect.poll(() => samples.getByRole('img').count(), patience).toBe(120);
    const words = () => samples.getByRole('img').first().getAttribute('aria-label');
    const before = await words();
    expect(before).toMatch(/^0, train \d+$/);
    await set().getByRole('button', { name: 'Show other samples' }).click();
    await expect.poll(words).not.toBe(before);
    expect(await faultsOf(page, shot('samples'))).toEqual([]);
  });

  it('counts the classes, and keeps them as a table', async () => {
    await tab('Classes').click();
    expect(await set().getByRole('row', { name: /^1 / }).innerText()).toMatch(/6,742[\s\S]*1,135/);
    const { content } = await shell.saved(() => set().getByRole('button', { name: 'CSV' }).click());
    const rows = content.toString('utf8').trim().split('\r\n');
    expect(rows).toEqual(['class,train,test', ...mnistCounts.map((counts, digit) => `${digit},${counts.join(',')}`)]);
    expect(await faultsOf(page, shot('classes'))).toEqual([]);
  });

  it('says what the scaling of the project makes of mean and deviation', async () => {
    await tab('Scaling').click();
    expect(await set().getByRole('row', { name: /^0 / }).innerText()).toMatch(/0\.1307\s+0\.3081/);
    expect(await faultsOf(page, shot('scaling'))).toEqual([]);
  });

  it('finds no two equal digits', async () => {
    await tab('Duplicates').click();
    await set().getByRole('region', { name: 'Identical samples' }).getByText('No duplicates.').waitFor();
    expect(await faultsOf(page, shot('duplicates'))).toEqual([]);
  });

  it('compares all images with each other until it is told to stop', async () => {
    const find = set().getByRole('button', { name: 'Find similar images' });
    await find.click();
    await set().getByText('comparing the images with each other').waitFor();
    await set()
      .getByRole('button', { name: /^Cancel/ })
      .click();
    await find.waitFor();
  });

  it('shows live what training does to images', async () => {
    await tab('Augmentation').click();
    await set().getByText('No augmentation is on').waitFor();
    await settings().getByLabel('Random crop').check();
    await settings().getByLabel('Cutout').check();
    const strips = set().getByLabel('Before and after');
    await expect
      .poll(() => strips.getByRole('term').allInnerTexts(), patience)
      .toEqual(['Before', 'Random crop', 'Cutout', 'All together']);
    const drawn = () =>
      strips
        .getByRole('img', { name: /^All together/ })
        .evaluateAll((surfaces) => surfaces.map((each) => (each as unknown as { toDataURL(): string }).toDataURL()));
    const first = await drawn();
    expect(first.length).toBe(8);
    await set().getByRole('button', { name: 'Draw again' }).click();
    await expect.poll(async () => (await drawn()).join(), patience).not.toBe(first.join());
    expect(await faultsOf(page, shot('augmentation'))).toEqual([]);
  });

  it('lists labels that a run contradicts, and looks at one', async () => {
    await tab('Labels').click();
    await set().getByRole('button', { name: 'Find suspicious labels' }).click();
    const labels = set().getByRole('list', { name: 'Suspicious labels' });
    await labels.waitFor();
    const found = labels.getByRole('button');
    expect(await found.count()).toBeGreaterThan(0);
    const confidences = (await found.allInnerTexts()).map((text) => Number([...text.matchAll(/([\d.]+) %/g)][1]?.[1]));
    expect(confidences[0]).toBeGreaterThan(50);
    await found.first().click();
    await set().getByRole('region', { name: 'Selected image' }).getByText('Layer by layer').first().waitFor();
    expect(await faultsOf(page, shot('labels'))).toEqual([]);
  });

  it('asks the run about its training samples too', async () => {
    await set().getByLabel('training samples').check();
    await set().getByRole('button', { name: 'Find suspicious labels' }).click();
    const labels = set().getByRole('list', { name: 'Suspicious labels' });
    await labels.waitFor();
    await expect.poll(() => labels.getByRole('button').first().innerText(), patience).toMatch(/train \d+/);
  });

  it('shows points in the plane, and one that lies in three classes', async () => {
    await page.getByRole('button', { name: 'All data sets' }).click();
    const card = page
      .getByRole('region', { name: 'Data sets' })
      .getByRole('article')
      .filter({ hasText: 'Three spirals' });
    await card.getByRole('button', { name: 'Inspect' }).click();
    const spirals = page.getByRole('region', { name: 'Data set spirals' });
    await spirals.getByRole('tab', { name: 'Points' }).click();
    await spirals.getByRole('img', { name: '2,400 training samples in the plane, by class' }).waitFor();
    expect(await faultsOf(page, shot('points'))).toEqual([]);
    await spirals.getByRole('tab', { name: 'Duplicates' }).click();
    await spirals.getByText('1 group has different labels').waitFor();
    expect(await faultsOf(page, shot('contradictory'))).toEqual([]);
    await page.getByRole('button', { name: 'All data sets' }).click();
    const digits = page
      .getByRole('region', { name: 'Data sets' })
      .getByRole('article')
      .filter({ hasText: 'handwritten' });
    await digits.getByRole('button', { name: 'Inspect' }).click();
    await set().getByLabel('Samples of each class').waitFor();
  });

  it('fits a small window and a large one', async () => {
    for (const [width, height] of [
      [800, 560],
      [1400, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const title of ['Samples', 'Classes', 'Augmentation']) {
        await tab(title).click();
        await set().getByText('Augmenting images').waitFor({ state: 'hidden' });
        await picture(page, `${shot(title.toLowerCase())}-${width}`);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
  });
});

/** Of the digits, by the files of labels: train and test. */
const mnistCounts = [
  [5923, 980],
  [6742, 1135],
  [5958, 1032],
  [6131, 1010],
  [5842, 982],
  [5421, 892],
  [5918, 958],
  [6265, 1028],
  [5851, 974],
  [5949, 1009],
];

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';
import {
  beginEmpty,
  below,
  canvas,
  dragNew,
  drawn,
  emptyPlaces,
  holdModule,
  holdNew,
  inspector,
  line,
  middleOf,
  networkText,
  newEmpty,
  openRecipe,
  parametersOf,
  parametersShown,
  problem,
  readRecipe,
  seeAll,
  selected,
  setOption,
  settledBox,
  typeIn,
} from './design-hands.ts';
import { patience, pointsDrawn, showPlace, testAccuracies, trainButton, untilFinished, writeSetting } from './hands.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

describe.each(shells)('a network designed by hand in $name', ({ name, isHere, open }) => {
  /** A whole epoch takes its time: in one of the two it is waited for. */
  const isPatient = name === 'Electron';

  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('is built from nothing by dragging, and has the parameters of its recipe', async () => {
    await beginEmpty(page);
    await dragNew(page, 'Conv2d', () => middleOf(emptyPlaces(page)));
    await setConvolution(20);
    for (const title of ['ReLU', 'Dropout', 'MaxPool2d', 'Conv2d']) await dragNext(title);
    await setConvolution(50);
    for (const title of ['ReLU', 'Dropout', 'MaxPool2d', 'Flatten', 'Linear']) await dragNext(title);
    await setOption(page, 'out_features', 500);
    for (const title of ['ReLU', 'Dropout', 'Linear']) await dragNext(title);

    expect(await drawn(page, 'Linear 10').getAttribute('aria-label')).toContain('13 of 13');
    await expect.poll(() => parametersShown(page), patience).toBe(parametersOf(await readRecipe('mnist-conv')));
    expect(await problem(page)).toBe('No problems');
  });

  it.runIf(isHere)('trains on MNIST', async () => {
    await showPlace(page, 'Train');
    await writeSetting(page, 'Epochs', 1);
    await holdTrainings(50);
    await trainButton(page, 'Train').click();
    await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(0);
    await holdTrainings(100);
    await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(2);
    expect(await pointsDrawn(page, 'Accuracy')).toBeGreaterThan(2);
    if (!isPatient) await trainButton(page, 'Stop').click();
    await releaseTrainings();
    if (!isPatient) return;
    // Now: a run that is over goes with its project when another one is begun.
    await untilFinished(page);
    const [accuracy] = await testAccuracies(page);
    expect(accuracy).toBeGreaterThan(95);
  });

  it.runIf(isHere)('says at the module what is wrong, and mends it on request', async () => {
    await showPlace(page, 'Design');
    await seeAll(page);
    await drawn(page, 'Conv2d 50').click();
    await setOption(page, 'in_channels', 128);
    const notice = inspector(page).locator('.fault');
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(/128.*20|20.*128/s);
    expect(await selected(page).getAttribute('aria-label')).toContain('error: ');
    await line(page, 'Conv2d, 50, .*, error').waitFor();
    expect(await problem(page)).not.toBe('No problems');

    await notice.getByRole('button').first().click();
    await expect.poll(() => problem(page), patience).toBe('No problems');
    await expect.poll(() => parametersShown(page), patience).toBe(parametersOf(await readRecipe('mnist-conv')));
    expect(
      await canvas(page)
        .getByRole('group', { name: /error: / })
        .count(),
    ).toBe(0);
  });

  it.runIf(isHere)('stays as it is when Escape comes before a module is let go', async () => {
    const before = await networkText(page);
    await holdNew(page, 'Sigmoid', () => below(drawn(page, 'Conv2d 20')));
    await expect
      .poll(() => canvas(page).getByRole('button', { name: 'Insert a module here' }).count())
      .toBeGreaterThan(5);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await drawn(page, 'Conv2d 20').click();
    await holdModule(page, drawn(page, 'Conv2d 20'), () => below(drawn(page, 'ReLU').first()));
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await networkText(page)).toBe(before);
  });

  it.runIf(isHere)('moves a module where it is dragged', async () => {
    const before = await networkText(page);
    await holdModule(page, drawn(page, 'Conv2d 20'), () => below(drawn(page, 'ReLU').first()));
    await page.mouse.up();
    await expect.poll(() => drawn(page, 'Conv2d 20').getAttribute('aria-label'), patience).toContain('2 of 13');
    await canvas(page).press('Control+z');
    expect(await networkText(page)).toBe(before);
  });

  it.runIf(isHere)('joins the noise and the class of a conditional generator, built by dragging', async () => {
    await newEmpty(page);
    await showPlace(page, 'Train');
    await page.getByRole('combobox', { name: 'Training', exact: true }).selectOption('adversarial');
    await page.getByLabel('Conditional', { exact: true }).check();
    await showPlace(page, 'Design');
    await dragNew(page, 'Join', () => middleOf(emptyPlaces(page)));
    await dragNew(page, 'Embedding', () => middleOf(emptyPlaces(page).nth(1)));
    await setOption(page, 'num_embeddings', 10);
    await setOption(page, 'embedding_dim', 10);
    await dragNext('Reshape');
    await setOption(page, 'shape', '10, 1, 1');
    expect(await drawn(page, 'Join').getAttribute('aria-label')).toContain('output 110 × 1 × 1');
    await dragNew(page, 'ConvTranspose2d', () => below(drawn(page, 'Join')));
    await setOption(page, 'out_channels', 256);
    await setOption(page, 'kernel_size, vertical', 4);
    await inspector(page).getByLabel('bias', { exact: true }).uncheck();
    await expect.poll(() => parametersShown(page), patience).toBe(10 * 10 + 110 * 256 * 4 * 4);

    await page.getByRole('button', { name: 'Discriminator' }).click();
    await expect.poll(() => emptyPlaces(page).count(), patience).toBe(1);
    await page.getByRole('button', { name: 'Generator' }).click();
    await drawn(page, 'Join').waitFor();
  });

  it.runIf(isHere)('has the two-branch join of the recipe in both networks', async () => {
    await openRecipe(page, 'mnist-cgan');
    await expect.poll(() => parametersShown(page), patience).toBe(parametersOf(await readRecipe('mnist-cgan')));
    expect(await drawn(page, 'Join').getAttribute('aria-label')).toContain('output 110 × 1 × 1');
    await page.getByRole('button', { name: 'Discriminator' }).click();
    await expect.poll(() => drawn(page, 'Join').getAttribute('aria-label'), patience).toContain('output 2 × 28 × 28');
    expect(await problem(page)).toBe('No problems');
  });

  it.runIf(isHere)('has branches that look at the same image', async () => {
    await newEmpty(page);
    await dragNew(page, 'Fork', () => middleOf(emptyPlaces(page)));
    await dragNew(page, 'Conv2d', () => middleOf(emptyPlaces(page).first()));
    await setOption(page, 'out_channels', 24);
    await dragNew(page, 'Conv2d', () => middleOf(emptyPlaces(page).first()));
    await setOption(page, 'out_channels', 8);
    await setOption(page, 'kernel_size, vertical', 1);
    await setOption(page, 'padding, vertical', 0);
    await dragNext('BatchNorm2d');
    expect(await drawn(page, 'Fork').getAttribute('aria-label')).toContain('output 32 × 28 × 28');
    await expect.poll(() => parametersShown(page), patience).toBe(24 * 9 + 24 + (8 + 8) + 2 * 8);
  });

  it.runIf(isHere)('never puts a container into itself', async () => {
    const before = await networkText(page);
    await holdModule(page, drawn(page, 'Fork'), () => below(drawn(page, 'Conv2d 24')));
    const [fork, spots] = [
      await settledBox(drawn(page, 'Fork')),
      canvas(page).getByRole('button', { name: /nsert a/ }),
    ];
    for (const spot of await spots.all()) {
      const { y, height } = await settledBox(spot);
      expect(y + height / 2 < fork.y || y + height / 2 > fork.y + fork.height).toBe(true);
    }
    await page.mouse.up();
    expect(await networkText(page)).toBe(before);
  });

  it.runIf(isHere)('takes modules as text from one spot to another', async () => {
    await drawn(page, 'Conv2d 24').click();
    await page.keyboard.press('Control+c');
    await drawn(page, 'BatchNorm2d').click();
    await page.keyboard.press('Control+v');
    await expect.poll(() => drawn(page, 'Conv2d 24').count(), patience).toBe(2);
    await expect.poll(() => parametersShown(page), patience).toBe(24 * 9 + 24 + (8 + 8) + 2 * 8 + 8 * 24 * 9 + 24);
  });

  it.runIf(isHere)('goes back forty edits to where it began, and forth again', async () => {
    await newEmpty(page);
    await dragNew(page, 'Conv2d', () => middleOf(emptyPlaces(page)));
    const texts = [await networkText(page)];
    const first = line(page, 'Conv2d, 64').first();
    for (let round = 0; round < 8; round++) {
      await first.click();
      await typeIn(page, `conv ${8 + round} 3 p1 bn relu`);
      await page.keyboard.press('Control+d');
      await page.keyboard.press('Alt+ArrowUp');
      await page.keyboard.press('Control+g');
      await page.keyboard.press(round % 2 === 0 ? 'Control+Shift+g' : 'Delete');
      if (round % 4 === 3) texts.push(await networkText(page));
    }
    const [start, half, end] = texts;
    for (const text of [half, start]) {
      for (let step = 0; step < 20; step++) await page.keyboard.press('Control+z');
      expect(await networkText(page)).toBe(text);
    }
    for (const text of [half, end]) {
      for (let step = 0; step < 20; step++) await page.keyboard.press('Control+Shift+z');
      expect(await networkText(page)).toBe(text);
    }
    expect(new Set(texts).size).toBe(3);
  });

  /** Below the one that was put there last. */
  async function dragNext(title: string): Promise<void> {
    await dragNew(page, title, () => below(selected(page)));
    await expect.poll(() => selected(page).getAttribute('aria-label'), patience).toMatch(new RegExp(`^${title}`));
  }

  async function setConvolution(channels: number): Promise<void> {
    await setOption(page, 'out_channels', channels);
    await setOption(page, 'kernel_size, vertical', 5);
    await setOption(page, 'padding, vertical', 0);
  }
});

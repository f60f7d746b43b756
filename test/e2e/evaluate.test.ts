import path from 'node:path';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confusionMatrix, largestConfusions } from '../../core/evaluation/confusion.ts';
import { judge } from '../../core/evaluation/judgement.ts';
import type { Judgement } from '../../core/evaluation/judgement.ts';
import { samplesOfCell, sorted } from '../../core/evaluation/sample-order.ts';
import { locateDataset } from '../../main/datasets/datasets.ts';
import { readPixels } from '../../main/datasets/read-pixels.ts';
import { readPredictedClasses } from '../../main/evaluation/predicted-by-epoch.ts';
import { readPredictions } from '../../main/evaluation/stored-predictions.ts';
import { readCheckpointIndex } from '../../main/runs/checkpoint-index.ts';
import { cornerOf } from '../../renderer/features/evaluate/grid-layout.ts';
import { imageOffset } from '../../renderer/features/evaluate/grid-size.ts';
import { pictureLayout } from '../../renderer/features/evaluate/picture-layout.ts';
import { beginRecipe, patience, runShown, showPlace, trainButton, untilFinished, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { savingShells } from './saving.ts';
import type { SavingShell } from './saving.ts';

const classes = 10;

describe.for(savingShells.filter(({ isHere }) => isHere))('Evaluate in $name', ({ name, open }) => {
  let shell: SavingShell;
  let page: Page;
  let run: string;
  let stored: Judgement;

  beforeAll(async () => {
    shell = await open();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  const folder = (...names: string[]): string => path.join(shell.home, 'runs', run, ...names);
  const tab = (title: string) => page.getByRole('tab', { name: title });
  const grid = () => page.getByRole('listbox', { name: 'Test images, by their true class' });
  const images = () => page.getByRole('region', { name: 'Test images' });

  it('shows what was kept of a real run: every count of the matrix', async () => {
    await beginRecipe(page, 'mnist-logit');
    await writeSetting(page, 'Epochs', 2);
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    run = await runShown(page);
    await showPlace(page, 'Evaluate');
    await grid().waitFor();
    stored = judge(await storedPredictions(folder('checkpoints'), folder('predictions')));
    const shown = await page
      .getByRole('table', { name: /^Confusion matrix/ })
      .locator('td button')
      .allInnerTexts();
    const matrix = confusionMatrix(stored.labels, stored.predicted, classes);
    expect(shown.map((text) => Number(text.replace('·', '0')))).toEqual(matrix.flat());
    expect(await faultsOf(page, `evaluate-matrix-${name.toLowerCase()}`)).toEqual([]);
  });

  it('the matrix is one stop of Tab, and arrow keys go from cell to cell', async () => {
    const cells = page.getByRole('table', { name: /onfusion/ }).locator('td button');
    expect(await cells.and(page.locator('[tabindex="0"]')).count()).toBe(1);
    await cells.and(page.locator('[tabindex="0"]')).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowUp']) {
      await page.keyboard.press(key);
    }
    const focused = await page.evaluate('document.activeElement.getAttribute("data-cell")');
    expect(focused).toBe('0 1');
    expect(await cells.and(page.locator('[tabindex="0"]')).getAttribute('data-cell')).toBe('0 1');
  });

  it('a cell of the matrix leaves exactly its images in the grid, and so does its table', async () => {
    const [largest] = largestConfusions(confusionMatrix(stored.labels, stored.predicted, classes), 1);
    const cell = largest!;
    await page
      .getByRole('button', { name: new RegExp(`of class ${cell.label} are predicted as ${cell.predicted}$`) })
      .click();
    const wanted = sorted(samplesOfCell(stored, cell), 'confidence', stored);
    await images()
      .getByRole('heading', { name: `${cell.label}, predicted as ${cell.predicted}: ${cell.count}` })
      .waitFor();
    const { content } = await shell.saved(() => images().getByRole('button', { name: 'CSV' }).click());
    const rows = content.toString('utf8').trim().split('\r\n').slice(1);
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual([...wanted]);
    expect(rows.map((row) => row.split(',').slice(1, 3))).toEqual(
      rows.map(() => [String(cell.label), String(cell.predicted)]),
    );
    await grid().focus();
    await page.keyboard.press('ArrowRight');
    const words = `Test image ${wanted[1]}: ${cell.label}, predicted as ${cell.predicted}`;
    expect(await grid().getByRole('option').innerText()).toContain(words);
    await page.getByRole('region', { name: 'Selected image' }).getByRole('heading', { name: words }).waitFor();
    expect(await faultsOf(page, `evaluate-cell-${name.toLowerCase()}`)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('leaves what belongs to a chosen picture free of the pictures above it, however wide the window', async () => {
    const chosen = page.getByRole('region', { name: 'Selected image' });
    const cell = page
      .getByRole('table', { name: /^Confusion matrix/ })
      .locator('td button')
      .first();
    const widths: number[] = [];
    for (const [width, height] of [
      [1440, 900],
      [1280, 800],
      [2560, 1440],
    ] as const) {
      await page.setViewportSize({ width, height });
      widths.push((await cell.boundingBox())!.width);
      await grid().focus();
      await page.keyboard.press('Enter');
      // A click waits until nothing else takes it.
      const inside = chosen.getByRole('button', { name: 'Inspect layers' });
      await inside.click();
      await expect.poll(() => inside.getAttribute('aria-pressed')).toBe('true');
      await inside.click();
      await chosen.getByRole('button', { name: 'Close' }).click();
    }
    const [usual, least, widest] = widths as [number, number, number];
    expect(widest).toBeGreaterThan(1.5 * usual);
    expect(usual).toBeGreaterThanOrEqual(least);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('keeps the matrix as a picture', async () => {
    const { content } = await shell.saved(() => page.getByRole('button', { name: 'PNG' }).first().click());
    const picture = decode(content);
    expect(picture.width).toBeGreaterThan(classes * 44);
  });

  it('keeps the whole grid as a picture of the very pixels of the data', async () => {
    await images().getByRole('button', { name: 'Show all misclassified' }).click();
    await images().getByLabel('Sort by').selectOption('index');
    const { content } = await shell.saved(() => images().getByRole('button', { name: 'PNG' }).click());
    const wrong = Int32Array.from(stored.labels.keys()).filter(
      (sample) => stored.predicted[sample] !== stored.labels[sample],
    );
    const { layout, imageSize, width } = pictureLayout(wrong, stored.labels, classes, { width: 28, height: 28 }, 0)!;
    const picture = decode(content);
    expect([picture.width, picture.height]).toEqual([width, layout.height]);
    const located = await locateDataset({ source: 'mnist' });
    const pixels = (await readPixels(located.test, located.inputShape, layout.order))!;
    const offset = imageOffset(layout.cell, imageSize);
    const scale = imageSize.width / 28;
    for (const place of layout.order.keys()) {
      const { x, y } = cornerOf(layout, place);
      const drawn = Uint8Array.from({ length: 28 * 28 }, (_, pixel) => {
        const column = x + offset.x + (pixel % 28) * scale;
        const row = y + offset.y + Math.floor(pixel / 28) * scale;
        return picture.data[(row * picture.width + column) * picture.channels]!;
      });
      expect(drawn).toEqual(pixels.subarray(place * 784, (place + 1) * 784));
    }
  });

  it('tells which mistakes an epoch mended and which it made', async () => {
    await tab('Epochs').click();
    const [first, second] = await readPredictedClasses(folder('said'), 'last');
    const isWrong = (epoch: typeof first, sample: number): boolean =>
      epoch!.predicted[sample] !== stored.labels[sample];
    const samples = [...stored.labels.keys()];
    const mended = samples.filter((sample) => isWrong(first, sample) && !isWrong(second, sample)).length;
    const made = samples.filter((sample) => !isWrong(first, sample) && isWrong(second, sample)).length;
    await page.getByRole('button', { name: `${mended} fixed` }).click(patience);
    await images()
      .getByRole('heading', { name: `Fixed in epoch 2: ${mended}` })
      .waitFor();
    await page.getByRole('button', { name: `${made} new` }).click();
    await images()
      .getByRole('heading', { name: `New errors of epoch 2: ${made}` })
      .waitFor();
    await page.getByRole('slider', { name: 'Epoch' }).press('Home');
    const before = samples.filter((sample) => isWrong(first, sample)).length;
    await page.getByRole('button', { name: `${before.toLocaleString('en')} wrong` }).waitFor();
    expect(await faultsOf(page, `evaluate-epochs-${name.toLowerCase()}`)).toEqual([]);
  });

  it('has classes, confusions, calibration and comparison in their places', async () => {
    for (const title of ['Classes', 'Confusions', 'Calibration', 'Compare']) {
      await tab(title).click();
      await page.getByRole('tabpanel', { name: title }).waitFor();
      expect(await faultsOf(page, `evaluate-${title.toLowerCase()}-${name.toLowerCase()}`)).toEqual([]);
    }
  });
});

async function storedPredictions(checkpoints: string, predictions: string) {
  const { best } = (await readCheckpointIndex(checkpoints))!;
  const checkpoint = path.join(checkpoints, best!.directory);
  return (await readPredictions({ folder: predictions, checkpoint, weights: 'last', views: 0 }))!;
}

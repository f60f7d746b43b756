import { encode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateDataset } from '../../main/datasets/datasets.ts';
import { readPixels } from '../../main/datasets/read-pixels.ts';
import { smallDigits } from '../small-digits.ts';
import { dropFile, dropProject, pasteFile } from './dropping.ts';
import { patience, showPlace, trainButton, untilFinished } from './hands.ts';
import { faultsOf, picture } from './judged.ts';
import { drawBy } from './pointers.ts';
import { savingShells } from './saving.ts';
import type { SavingShell } from './saving.ts';

describe.for(savingShells.filter(({ isHere }) => isHere))('one picture in $name', ({ name, open }) => {
  let shell: SavingShell;
  let page: Page;
  beforeAll(async () => {
    shell = await open();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  const sample = () => page.getByRole('region', { name: 'Selected image' });
  const layers = () => sample().getByRole('listbox', { name: 'Layers' });

  it('is one of a real run', async () => {
    await dropProject(page, smallDigits);
    await showPlace(page, 'Train');
    await trainButton(page, 'Train').click();
    await untilFinished(page);
  });

  it('is opened from the grid and looked at layer by layer', async () => {
    await showPlace(page, 'Evaluate');
    const grid = page.getByRole('listbox', { name: 'Test images, by their true class' });
    await grid.waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    await sample().getByRole('button', { name: 'Inspect layers' }).click();
    await layers().waitFor();
    const titles = (await layers().getByRole('option').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    expect(titles).toEqual(['Conv2d 8 × 8 × 8', 'ReLU 8 × 8 × 8', 'Flatten 512', 'Linear 32', 'Tanh 32', 'Linear 10']);
    const named = layers()
      .getByRole('option')
      .and(page.getByTitle('Tanh 4', { exact: true }));
    await expect.poll(() => named.count(), patience).toBe(1);
    await sample()
      .getByRole('img', { name: /^Conv2d gives 8 × 8 × 8: 8 channels, from/ })
      .waitFor();
    await layers().getByRole('option', { name: 'Tanh' }).click();
    await sample()
      .getByRole('img', { name: /^Tanh gives 32: 32 numbers, from/ })
      .waitFor();
  });

  it('follows the drawing of the network and the selection in Design', async () => {
    const sketch = sample().getByRole('group', { name: 'Drawing of the network' });
    await sketch.getByRole('button', { name: /^ReLU/ }).click();
    await sample()
      .getByRole('img', { name: /^ReLU gives 8 × 8 × 8/ })
      .waitFor();
    await showPlace(page, 'Design');
    await page.getByRole('application', { name: 'Drawing of the network' }).getByText('Flatten').first().click();
    await showPlace(page, 'Evaluate');
    await sample()
      .getByRole('img', { name: /^Flatten gives 512/ })
      .waitFor();
  });

  it('shows what spoke for a class, by Grad-CAM and by saliency, and keeps it as a picture', async () => {
    const spoke = sample().getByRole('region', { name: 'Explanation of a class' });
    const canvas = spoke.locator('canvas');
    expect(await canvas.getAttribute('aria-label')).toMatch(/^Grad-CAM, last Conv2d .* for \d$/);
    const pixelsOf = () => canvas.evaluate((surface) => (surface as unknown as { toDataURL(): string }).toDataURL());
    const cam = await pixelsOf();
    await spoke.getByLabel('Method').selectOption('Saliency');
    await expect.poll(pixelsOf).not.toBe(cam);
    const saliency = await pixelsOf();
    const other = await spoke.getByLabel('Class').locator('option').nth(3).getAttribute('value');
    await spoke.getByLabel('Class').selectOption(other);
    await expect.poll(() => canvas.getAttribute('aria-label')).toBe(`Saliency for ${other}`);
    await expect.poll(pixelsOf).not.toBe(saliency);
    const { content } = await shell.saved(() => spoke.getByRole('button', { name: 'Save as PNG' }).click());
    expect(content.subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  it('names training images that are alike', async () => {
    const nearest = sample().getByRole('region', { name: 'Nearest training images' });
    await expect.poll(() => nearest.getByRole('listitem').count(), patience).toBe(8);
    expect(await nearest.innerText()).toMatch(/Among [\d,]+ of 60,000 training images searched so far/);
    expect(await faultsOf(page, `look-${name.toLowerCase()}`)).toEqual([]);
    await nearest.scrollIntoViewIfNeeded();
    await picture(page, `look-nearest-${name.toLowerCase()}`);
  });

  const draw = () => page.getByRole('tabpanel', { name: 'Draw' });
  const seen = () => draw().getByRole('img', { name: 'Network input' });
  const expectTakenFor = (digit: number) =>
    expect
      .poll(() => draw().getByRole('status').allInnerTexts(), patience)
      .toEqual([expect.stringMatching(new RegExp(`^Predicted as ${digit} with [\\d.]+ %$`))]);

  it.for(['mouse', 'pen', 'touch'] as const)('a 3 drawn by %s is a 3', async (pointer) => {
    await page.getByRole('tab', { name: 'Draw' }).click();
    const pad = page.getByRole('img', { name: 'Drawing area' });
    const box = (await pad.boundingBox())!;
    const points = three().map(([x, y]) => [box.x + (x / 280) * box.width, box.y + (y / 280) * box.height] as const);
    await drawBy(page, pointer, points);
    await expectTakenFor(3);
    if (pointer === 'mouse') expect(await faultsOf(page, `draw-${name.toLowerCase()}`)).toEqual([]);
    await draw().getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => seen().count()).toBe(0);
  });

  it.for(['dropped', 'pasted', 'chosen'] as const)('a digit that is %s is made as those of MNIST are', async (how) => {
    await page.getByRole('tab', { name: 'Draw' }).click();
    // Dark ink in a corner of a light sheet, many times as large.
    const file = { name: 'seven.png', type: 'image/png', content: await sevenOnPaper() };
    if (how === 'dropped') await dropFile(draw().locator('.draw'), file);
    else if (how === 'chosen') {
      const chosen = { name: file.name, mimeType: file.type, buffer: Buffer.from(file.content) };
      await draw().locator('input[type=file]').setInputFiles(chosen);
    } else await pasteFile(page, file);
    await seen().waitFor();
    await expectTakenFor(7);
    await draw()
      .getByText(/^The digit was scaled to fit 20 × 20 and centred by its mass/)
      .waitFor();
    if (how === 'chosen') {
      // What cannot be read is not shown under the answer for the picture before, and is named.
      const broken = { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };
      await draw().locator('input[type=file]').setInputFiles(broken);
      await expect.poll(() => seen().count(), patience).toBe(0);
      const errors = page.getByRole('region', { name: 'Errors' });
      await errors.getByText(/broken\.png/).waitFor();
      await errors.getByRole('button', { name: 'Clear all' }).click();
    }
    await page.getByRole('tab', { name: 'Matrix' }).click();
  });
});

/** The first test digit as a scan: 15 pixels for one, in the lower right of 700 × 700. */
async function sevenOnPaper(): Promise<Uint8Array> {
  const { test, inputShape } = await locateDataset({ source: 'mnist' });
  const pixels = (await readPixels(test, inputShape, Int32Array.of(0)))!;
  const data = new Uint8Array(700 * 700).fill(240);
  for (let row = 0; row < 420; row++) {
    for (let column = 0; column < 420; column++) {
      const ink = pixels[Math.floor(row / 15) * 28 + Math.floor(column / 15)]!;
      data[(row + 250) * 700 + column + 260] = 240 - Math.round(0.85 * ink);
    }
  }
  return encode({ width: 700, height: 700, channels: 1, data });
}

/** Two bows, the lower one larger. */
function three(): readonly (readonly [number, number])[] {
  const bow = (centre: number, radius: number, across: number) =>
    Array.from({ length: 16 }, (_, step) => {
      const angle = -0.75 * Math.PI + (step / 15) * 1.25 * Math.PI;
      return [120 + across * Math.cos(angle), centre + radius * Math.sin(angle)] as const;
    });
  return [...bow(95, 40, 48), ...bow(180, 48, 55).slice(2), [80, 225]];
}

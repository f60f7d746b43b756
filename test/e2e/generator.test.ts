import { decode } from 'fast-png';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { small } from '../small-generator.ts';
import { dropProject } from './dropping.ts';
import {
  epochsShown,
  patience,
  runShown,
  showPlace,
  trainButton,
  untilEpochs,
  untilFinished,
  writeSetting,
} from './hands.ts';
import { faultsOf } from './judged.ts';
import { savingShells } from './saving.ts';
import type { SavingShell } from './saving.ts';

describe.for(savingShells.filter(({ isHere }) => isHere))('a generator in $name', ({ name, open }) => {
  let shell: SavingShell;
  let page: Page;
  beforeAll(async () => {
    shell = await open();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  const panel = () => page.getByRole('region', { name: 'Generated images' });
  const saved = (button: string) => shell.saved(() => page.getByRole('button', { name: button, exact: true }).click());
  const grid = (epoch: number) => panel().getByRole('img', { name: `after epoch ${epoch}`, exact: false });

  it('is trained against a discriminator and shows a grid of images after each epoch', async () => {
    await dropProject(page, small);
    await showPlace(page, 'Train');
    await writeSetting(page, 'Iterations', 3);
    await writeSetting(page, 'Epochs', 2);
    await writeSetting(page, 'Batch size', 8);
    expect(await page.getByRole('button', { name: 'Find a rate…' }).count()).toBe(0);
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    await grid(2).waitFor();
    expect(await sizeOf(page)).toEqual([582, 582]);
    await page.getByText(/Median loss of the last epoch: discriminator [\d.]+, generator [\d.]+/).waitFor();
    const loss = page.getByRole('img', { name: /^Loss by epoch/ });
    expect(await loss.getAttribute('aria-label')).toMatch(/discriminator.*generator/);
    expect(await page.getByRole('img', { name: /^Accuracy/ }).count()).toBe(0);
    await untilEpochs(page, 2);
    const table = page.getByRole('region', { name: 'Epochs' }).getByRole('table');
    const titles = (await table.getByRole('columnheader').allInnerTexts()).map((title) => title.trim());
    expect(titles.slice(2, 4)).toEqual(['Discriminator', 'Generator']);
    expect(await table.innerText()).not.toContain('★');
    await panel().scrollIntoViewIfNeeded();
    expect(await faultsOf(page, `generator-train-${name.toLowerCase()}`)).toEqual([]);
  });

  it('trains each of its networks by settings of its own', async () => {
    const form = page.getByRole('form', { name: 'How to train' });
    const group = form.getByRole('group').filter({ has: page.getByRole('heading', { name: 'Discriminator' }) });
    await group.getByRole('heading', { name: 'Discriminator' }).click();
    await group.getByLabel('Separate schedule').check();
    await group.getByLabel('Schedule', { exact: true }).selectOption('Step');
    await group.getByLabel('Step size, epochs').waitFor();
    await group.getByLabel('Separate optimizer').check();
    expect(await group.getByLabel('First beta').inputValue()).toBe('0.5');
    expect(await group.getByLabel('Optimizer', { exact: true }).innerText()).not.toContain('L-BFGS');
    await group.getByLabel('Optimizer', { exact: true }).selectOption('SGD');
    await group.getByLabel('Momentum').fill('0.9');
    await group.getByLabel('Momentum').press('Enter');
    await group.getByRole('button', { name: 'Add a parameter group' }).click();
    // The generator's stay as they are.
    expect(await form.getByLabel('First beta').count()).toBe(1);
    await group.getByLabel('Momentum').scrollIntoViewIfNeeded();
    expect(await faultsOf(page, `generator-discriminator-${name.toLowerCase()}`)).toEqual([]);
    await group.getByRole('checkbox', { name: 'norm' }).uncheck();
    expect(await group.getByRole('checkbox', { name: 'bias' }).isDisabled()).toBe(true);
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    await group.getByLabel('Separate optimizer').uncheck();
    expect(await group.getByLabel('Momentum').count()).toBe(0);
  });

  it('goes back to an earlier epoch by the keyboard and saves what it shows', async () => {
    const slider = panel().getByRole('slider', { name: 'Epoch' });
    await expect.poll(() => slider.getAttribute('aria-valuetext'), patience).toBe('epoch 2');
    await slider.press('ArrowLeft');
    await grid(1).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch 1');
    const png = decode((await saved('PNG of epoch 1')).content);
    expect([png.width, png.height]).toEqual([582, 582]);
    const { name: file, content } = await saved('GIF of all epochs');
    expect(file).toMatch(/^small-generator-.*\.gif$/);
    expect(await framesOf(page, content)).toBe(2);
  });

  it('plays its epochs', async () => {
    await panel().getByRole('button', { name: 'Play' }).click();
    await grid(2).waitFor();
    const isCalm = await page.evaluate('matchMedia("(prefers-reduced-motion: reduce)").matches');
    // For those who want less motion it ends there; else it goes on until it is halted.
    if (isCalm !== true) {
      await grid(1).waitFor();
      await panel().getByRole('button', { name: 'Pause' }).click();
    }
    await panel().getByRole('button', { name: 'Play' }).waitFor();
    await panel().getByRole('slider', { name: 'Epoch' }).press('End');
    await grid(2).waitFor();
  });

  it('has no accuracy in Runs, and its curves are drawn', async () => {
    await showPlace(page, 'Runs');
    const row = page.getByRole('row', { name: /small-generator/ }).first();
    await row.waitFor();
    const cells = await row.getByRole('cell').allInnerTexts();
    const titles = await page.getByRole('columnheader').allInnerTexts();
    for (const title of ['Test', 'Averaged', 'Best']) expect(cells[titles.indexOf(title)]).toBe('–');
    await page
      .getByRole('checkbox', { name: /^Compare small-generator/ })
      .first()
      .check();
    await page.getByRole('img', { name: /^Loss/ }).waitFor();
    expect(await page.getByRole('img', { name: /^(Accuracy|Root mean square)/ }).count()).toBe(0);
    expect(await faultsOf(page, `generator-runs-${name.toLowerCase()}`)).toEqual([]);
  });

  it('is looked at again in Evaluate', async () => {
    await showPlace(page, 'Evaluate');
    await grid(2).waitFor();
    await panel().getByRole('slider', { name: 'Epoch' }).press('Home');
    await grid(1).waitFor();
    expect(await page.getByRole('button', { name: 'Show what it gets wrong' }).count()).toBe(0);
    expect(await faultsOf(page, `generator-evaluate-${name.toLowerCase()}`)).toEqual([]);
  });

  it('makes a fresh batch in Evaluate, the same from the same seed', async () => {
    const fresh = page.getByRole('region', { name: 'New samples' });
    await fresh.getByLabel('Seed').fill('7');
    await fresh.getByRole('button', { name: 'Make images' }).click();
    await fresh.getByRole('img', { name: /^Images from latents of seed 7 after epoch 2/ }).waitFor();
    const { name: file, content } = await saved('PNG');
    expect(file).toMatch(/-samples-7\.png$/);
    const png = decode(content);
    // Fifty images of 28 × 28, ten beside each other, with gaps of one.
    expect([png.width, png.height]).toEqual([289, 144]);
    await fresh.getByRole('button', { name: 'Make images' }).click();
    await fresh.getByRole('button', { name: 'Making images…' }).waitFor({ state: 'detached', ...patience });
    expect(decode((await saved('PNG')).content).data).toEqual(png.data);
    await fresh.scrollIntoViewIfNeeded();
    expect(await faultsOf(page, `generator-fresh-${name.toLowerCase()}`)).toEqual([]);
  });

  it('walks between two noises', async () => {
    const walk = page.getByRole('region', { name: 'Interpolation between latents' });
    await walk.getByLabel('From seed').fill('7');
    await walk.getByLabel('to seed').fill('8');
    await walk.getByRole('button', { name: 'Interpolate' }).click();
    await walk.getByRole('img', { name: /^Images interpolated .* seed 7 and seed 8, position 0\.00/ }).waitFor();
    const begin = await drawnIn(walk);
    await walk.getByRole('slider', { name: 'Position' }).press('End');
    await walk.getByRole('img', { name: /position 1\.00$/ }).waitFor();
    expect(await drawnIn(walk)).not.toBe(begin);
    await walk.scrollIntoViewIfNeeded();
    expect(await faultsOf(page, `generator-walk-${name.toLowerCase()}`)).toEqual([]);
    const { name: file, content } = await saved('GIF');
    expect(file).toMatch(/-walk-7-8\.gif$/);
    expect(await framesOf(page, content)).toBe(64);
  });

  it('follows a training in Evaluate', async () => {
    await showPlace(page, 'Train');
    const before = await runShown(page);
    await writeSetting(page, 'Epochs', 4);
    await trainButton(page, 'Train').click();
    await expect.poll(() => runShown(page), patience).not.toBe(before);
    const run = await runShown(page);
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThanOrEqual(1);
    await showPlace(page, 'Evaluate');
    await page.getByLabel('Run', { exact: true }).selectOption(run);
    await expect
      .poll(() => panel().getByRole('slider', { name: 'Epoch' }).getAttribute('aria-valuetext'), patience)
      .toBe('epoch 4');
  });
});

/** Of the picture itself, in pixels. */
async function sizeOf(page: Page): Promise<readonly number[]> {
  return page.getByRole('img', { name: /^Generated images/ }).evaluate((image) => {
    const { naturalWidth, naturalHeight } = image as unknown as { naturalWidth: number; naturalHeight: number };
    return [naturalWidth, naturalHeight];
  });
}

/** What the canvas within holds. */
async function drawnIn(walk: Locator): Promise<unknown> {
  return walk.locator('canvas').evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
}

/** Images of an animation, as the browser decodes it. */
async function framesOf(page: Page, gif: Buffer): Promise<unknown> {
  return page.evaluate(`(async () => {
    const data = Uint8Array.from(atob('${gif.toString('base64')}'), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: 'image/gif' });
    await decoder.tracks.ready;
    const { frameCount } = decoder.tracks.selectedTrack;
    await decoder.decode({ frameIndex: frameCount - 1 });
    return frameCount;
  })()`);
}

import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { small } from '../small-generator.ts';
import { epochsShown, patience, showPlace, trainButton, trainingState, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

describe.for(shells.filter(({ isHere }) => isHere))('a generator in $name', ({ name, open }) => {
  let shell: OpenedShell;
  let page: Page;
  beforeAll(async () => {
    shell = await open();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  const panel = () => page.getByRole('region', { name: 'What it generates' });
  const grid = (epoch: number) => panel().getByRole('img', { name: `after epoch ${epoch}`, exact: false });

  it('is trained against a discriminator and shows a grid of images after each epoch', async () => {
    await dropProject(page, JSON.stringify(small));
    await showPlace(page, 'Train');
    await writeSetting(page, 'Iterations', 3);
    await writeSetting(page, 'Epochs', 2);
    await writeSetting(page, 'Batch size', 8);
    expect(await page.getByRole('button', { name: 'Find a rate…' }).count()).toBe(0);
    await trainButton(page, 'Train').click();
    await expect.poll(() => trainingState(page), patience).toBe('Finished');
    await grid(2).waitFor();
    expect(await sizeOf(page)).toEqual([582, 582]);
    await page.getByText(/Median loss of the last epoch: discriminator [\d.]+, generator [\d.]+/).waitFor();
    const loss = page.getByRole('img', { name: /^Loss by epoch/ });
    expect(await loss.getAttribute('aria-label')).toMatch(/discriminator.*generator/);
    expect(await page.getByRole('img', { name: /^Accuracy/ }).count()).toBe(0);
    await expect.poll(() => epochsShown(page), patience).toBe(2);
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
    await group.getByLabel('Schedule of its own').check();
    await group.getByLabel('Schedule', { exact: true }).selectOption('Steps down');
    await group.getByLabel('Every … epochs').waitFor();
    await group.getByLabel('Optimizer of its own').check();
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
    await expect.poll(() => trainingState(page), patience).toBe('Finished');
    await group.getByLabel('Optimizer of its own').uncheck();
    expect(await group.getByLabel('Momentum').count()).toBe(0);
  });

  it('goes back to an earlier epoch by the keyboard and saves what it shows', async () => {
    const slider = panel().getByRole('slider', { name: 'Epoch' });
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch 2');
    await slider.press('ArrowLeft');
    await grid(1).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('epoch 1');
    if (name !== 'Chromium') return;
    const png = decode(await saved(page, 'PNG of epoch 1'));
    expect([png.width, png.height]).toEqual([582, 582]);
    const gif = await saved(page, 'GIF of all epochs');
    expect(await framesOf(page, gif)).toBe(2);
  });

  it('has no accuracy in Runs, and its curves are drawn', async () => {
    await showPlace(page, 'Runs');
    const row = page.getByRole('row', { name: /small-generator/ }).first();
    await row.waitFor();
    const cells = await row.getByRole('cell').allInnerTexts();
    const titles = await page.getByRole('columnheader').allInnerTexts();
    for (const title of ['Test', 'Averaged', 'Best']) expect(cells[titles.indexOf(title)]).toBe('–');
    await page.getByRole('checkbox', { name: /^Compare small-generator/ }).check();
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
});

/** A project's file let go over the window. */
async function dropProject(page: Page, text: string): Promise<void> {
  await page.getByRole('heading', { name: 'Train your first network in two minutes' }).waitFor();
  const dataTransfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(text)}], 'small-generator.json'));
    return transfer;
  })()`);
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** Of the picture itself, in pixels. */
async function sizeOf(page: Page): Promise<readonly number[]> {
  return page.getByRole('img', { name: /^What the generator makes/ }).evaluate((image) => {
    const { naturalWidth, naturalHeight } = image as unknown as { naturalWidth: number; naturalHeight: number };
    return [naturalWidth, naturalHeight];
  });
}

/** What a browser puts among its downloads. */
async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFile(await download.path());
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

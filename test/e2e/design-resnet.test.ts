import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginEmpty,
  below,
  canvas,
  dragNew,
  drawn,
  emptyPlaces,
  inspector,
  line,
  middleOf,
  networkText,
  parametersShown,
  problem,
  selected,
  setOption,
  typeIn,
  walkTo,
} from './design-hands.ts';
import type { Point } from './design-hands.ts';
import { patience, showPlace } from './hands.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

describe.each(shells)('ResNet-18 for CIFAR-10 by hand in $name', ({ isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('begins with the images of CIFAR-10', async () => {
    await beginEmpty(page);
    await showPlace(page, 'Data');
    const card = page.getByRole('article').filter({ hasText: 'CIFAR-10' }).first();
    await card.getByRole('button', { name: 'Use it in this project' }).click();
    await showPlace(page, 'Design');
    await line(page, 'empty').click();
    await typeIn(page, 'conv 64 3 p1 nobias bn relu');
    await expect.poll(() => drawn(page, 'ReLU').getAttribute('aria-label'), patience).toContain('64 × 32 × 32');
  });

  it.runIf(isHere)('gets a residual with a shortcut, part by part', async () => {
    await drawn(page, 'ReLU').click();
    await dragNew(page, 'Residual', () => below(drawn(page, 'ReLU')));
    await dragNew(page, 'Conv2d', () => emptyPlace('body'));
    await setConvolution({ stride: 2 });
    await dragNext('BatchNorm2d');
    await dragNext('ReLU');
    await dragNext('Conv2d');
    await setConvolution({});
    await dragNext('BatchNorm2d');
    await dragNew(page, 'Conv2d', () => emptyPlace('shortcut'));
    await setConvolution({ stride: 2, kernel_size: 1, padding: 0 });
    await dragNext('BatchNorm2d');
    await dragNew(page, 'ReLU', () => emptyPlace('after'));

    expect(await selected(page).getAttribute('aria-label')).toContain('output 128 × 16 × 16');
    expect(await emptyPlaces(page).count()).toBe(0);
  });

  it.runIf(isHere)('turns it into Blocks with parameters', async () => {
    await line(page, 'Residual').click();
    await page.keyboard.press('Control+c');
    await makeBlock('DownUnit', { 'out_channels 128': 'out', 'stride 2': 'stride' });

    // Five of the eight keep the size of the image: their shortcut is the input itself and has no weights.
    await page.keyboard.press('Control+v');
    await line(page, 'Residual, 5 of 5').click();
    await inspector(page).getByRole('button', { name: 'Remove: Shortcut' }).click();
    await walkTo(page, 'Conv2d, 128, 3×3, pad 1, stride 2');
    await setOption(page, 'stride, vertical', 1);
    await walkTo(page, 'Residual, 5 of 5');
    await makeBlock('PlainUnit', { 'out_channels 128': 'out' });
    expect(await problem(page)).toContain('[128, 16, 16]');
  });

  it.runIf(isHere)('has exactly its 11,173,962 parameters with eight of them', async () => {
    await walkTo(page, 'ReLU, 3 of 5');
    await typeIn(page, 'PlainUnit 64 PlainUnit 64');
    await walkTo(page, 'PlainUnit, 7 of 7');
    await typeIn(page, 'DownUnit 256 PlainUnit 256 DownUnit 512 PlainUnit 512 gap flatten linear 10');

    await expect.poll(() => problem(page), patience).toBe('No problems');
    const text = await networkText(page);
    expect(text.match(/"block": "PlainUnit"/g)).toHaveLength(5);
    expect(text.match(/"block": "DownUnit"/g)).toHaveLength(3);
    expect(await parametersShown(page)).toBe(11_173_962);
  });

  it.runIf(isHere)('changes in all of them with the definition', async () => {
    await walkTo(page, 'PlainUnit, out 64');
    await inspector(page).getByRole('button', { name: 'Edit the definition' }).click();
    await page.getByRole('navigation', { name: 'Entered modules' }).waitFor();
    await drawn(page, 'BatchNorm2d').last().click();
    await canvas(page).press('Delete');
    const scales = 2 * (64 + 64 + 128 + 256 + 512);
    await expect.poll(() => parametersShown(page), patience).toBe(11_173_962 - scales);
    await canvas(page).press('Control+z');
    await expect.poll(() => parametersShown(page), patience).toBe(11_173_962);
  });

  /** Of the only Residual: the shortcut stands to the right of the body, and what comes after the sum below both. */
  async function emptyPlace(part: 'body' | 'shortcut' | 'after'): Promise<Point> {
    const middles = await Promise.all((await emptyPlaces(page).all()).map(middleOf));
    const by = (of: (point: Point) => number) => middles.toSorted((a, b) => of(a) - of(b));
    const after = by(({ y }) => y).at(-1)!;
    if (part === 'after') return after;
    const beside = by(({ x }) => x).filter((point) => point !== after);
    return part === 'body' ? beside[0]! : beside.at(-1)!;
  }

  async function dragNext(title: string): Promise<void> {
    await dragNew(page, title, () => below(selected(page)));
    await expect.poll(() => selected(page).getAttribute('aria-label'), patience).toMatch(new RegExp(`^${title}`));
  }

  interface Convolution {
    readonly stride?: number;
    readonly kernel_size?: number;
    readonly padding?: number;
  }

  /** Of 128 channels, without a bias: a normalisation follows. */
  async function setConvolution(sizes: Convolution): Promise<void> {
    await setOption(page, 'out_channels', 128);
    for (const [name, value] of Object.entries(sizes)) await setOption(page, `${name}, vertical`, value as number);
    await inspector(page).getByLabel('bias', { exact: true }).uncheck();
  }

  /** `numbers`: which of them become parameters. */
  async function makeBlock(name: string, numbers: Readonly<Record<string, string>>): Promise<void> {
    await page.keyboard.press('Control+b');
    const dialog = page.getByRole('dialog', { name: 'Make a Block' });
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    for (const [number, parameter] of Object.entries(numbers)) {
      const fields = await dialog.getByLabel(new RegExp(`^Parameter for ${number} of`)).all();
      for (const field of fields) await field.fill(parameter);
    }
    await dialog.getByRole('button', { name: 'Make the Block' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
});

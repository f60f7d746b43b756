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
import { oneShell } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

describe.each(oneShell)('ResNet-18 for CIFAR-10 by hand in $name', ({ isHere, open }) => {
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
    await card.getByRole('button', { name: 'Use in this project' }).click();
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

  it.runIf(isHere)('turns it into a Block with parameters, its shortcut only where the shape changes', async () => {
    await line(page, 'Residual').click();
    await inspector(page).getByLabel('Only if needed', { exact: true }).check();
    await makeBlock('BasicBlock', { 'out_channels 128': 'out', 'stride 2': 'stride' });
    expect(await selected(page).getAttribute('aria-label')).toMatch(/^BasicBlock\b.* output 128 × 16 × 16/);
  });

  it.runIf(isHere)('has exactly its 11,173,962 parameters with eight of them', async () => {
    await walkTo(page, 'ReLU, 3 of 4');
    await typeIn(page, 'BasicBlock 64 1 BasicBlock 64 1');
    await walkTo(page, 'BasicBlock, 6 of 6');
    const rest = [128, 256, 512].map((out) => `BasicBlock ${out} 1 ${out < 512 ? `BasicBlock ${2 * out} 2` : ''}`);
    await typeIn(page, `${rest.join(' ')} gap flatten linear 10`);

    await expect.poll(() => problem(page), patience).toBe('No problems');
    expect((await networkText(page)).match(/"block": "BasicBlock"/g)).toHaveLength(8);
    expect(await parametersShown(page)).toBe(11_173_962);
  });

  it.runIf(isHere)('shows which of them add the input itself', async () => {
    await walkTo(page, 'BasicBlock, out 64, stride 1, 5 of 14');
    await enterDefinition();
    const unused = drawn(page, 'BatchNorm2d').last();
    expect(await unused.getAttribute('aria-label')).toMatch(/in shortcut.* not used here/);
    await page.getByRole('navigation', { name: 'Entered modules' }).getByRole('button', { name: 'Network' }).click();
    await walkTo(page, 'BasicBlock, out 256');
    await enterDefinition();
    const used = drawn(page, 'BatchNorm2d').last();
    expect(await used.getAttribute('aria-label')).toMatch(/in shortcut.* output 256 × 8 × 8/);
  });

  it.runIf(isHere)('changes with the definition in all that use it', async () => {
    await drawn(page, 'BatchNorm2d').last().click();
    await canvas(page).press('Delete');
    const scales = 2 * (128 + 256 + 512);
    await expect.poll(() => parametersShown(page), patience).toBe(11_173_962 - scales);
    await canvas(page).press('Control+z');
    await expect.poll(() => parametersShown(page), patience).toBe(11_173_962);
  });

  async function enterDefinition(): Promise<void> {
    await inspector(page).getByRole('button', { name: 'Edit the definition' }).click();
    await page.getByRole('navigation', { name: 'Entered modules' }).waitFor();
  }

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
    await dialog.getByRole('button', { name: 'Make Block' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
});

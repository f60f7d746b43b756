import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginEmpty,
  canvas,
  drawn,
  inspector,
  line,
  newEmpty,
  outline,
  setOption,
  settledBox,
  typeIn,
} from './design-hands.ts';
import { patience } from './hands.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

describe.each(shells)('undo in Design in $name', ({ isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('takes back what a field just wrote, and touches no other field', async () => {
    await beginEmpty(page);
    const search = page.getByRole('searchbox', { name: 'Search the palette' });
    await search.pressSequentially('foo');
    await search.press('Control+a');
    await search.press('Delete');
    await canvas(page).focus();
    await typeIn(page, 'conv 64 3 relu');
    await drawn(page, 'Conv2d').click({ position: { x: 40, y: 10 } });
    await setOption(page, 'out_channels', 48);
    await drawn(page, 'Conv2d 48').waitFor();
    await page.keyboard.press('Control+z');
    await drawn(page, 'Conv2d 64').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await drawn(page, 'Conv2d 48').waitFor();
    for (let step = 0; step < 4; step++) await page.keyboard.press('Control+z');
    await expect.poll(() => drawn(page, 'Conv2d').count(), patience).toBe(0);
    expect(await search.inputValue()).toBe('');
  });

  it.runIf(isHere)('takes back first what is being typed and not taken yet', async () => {
    await newEmpty(page);
    await canvas(page).focus();
    await typeIn(page, 'conv 64 3');
    await drawn(page, 'Conv2d').click({ position: { x: 40, y: 10 } });
    const field = inspector(page).getByLabel('out_channels', { exact: true });
    await field.fill('7');
    await field.press('Control+z');
    await expect.poll(() => field.inputValue(), patience).toBe('64');
    await drawn(page, 'Conv2d 64').waitFor();
    await field.press('Control+z');
    await expect.poll(() => drawn(page, 'Conv2d').count(), patience).toBe(0);
  });

  it.runIf(isHere)('leaves what was edited where it is, however often', async () => {
    await newEmpty(page);
    await canvas(page).focus();
    await typeIn(page, 'conv 8 3 p1 residual (conv 16 3 p1 relu) gap flatten linear 10');
    const residual = drawn(page, 'Residual');
    await canvas(page).getByRole('button', { name: 'Add a 1×1 convolution to the shortcut' }).click();
    const fixed = await settledBox(residual);
    await page.keyboard.press('Control+z');
    await drawn(page, 'Conv2d 16, 1×1').waitFor({ state: 'detached' });
    const before = await settledBox(residual);
    for (let step = 0; step < 3; step++) {
      await page.keyboard.press('Control+Shift+z');
      await drawn(page, 'Conv2d 16, 1×1').waitFor();
      expect(await settledBox(residual)).toEqual(fixed);
      await page.keyboard.press('Control+z');
      await drawn(page, 'Conv2d 16, 1×1').waitFor({ state: 'detached' });
      expect(await settledBox(residual)).toEqual(before);
    }
  });

  it.runIf(isHere)('shows the help of one module under that module alone', async () => {
    await line(page, 'Conv2d').first().click();
    const help = inspector(page).locator('p.help');
    await inspector(page).getByLabel('out_channels', { exact: true }).focus();
    const ofOption = await help.innerText();
    await outline(page)
      .getByRole('treeitem', { name: /^Linear/ })
      .click();
    await expect.poll(() => inspector(page).getByRole('heading', { name: 'Linear' }).count(), patience).toBe(1);
    expect(await help.innerText()).not.toBe(ofOption);
  });
});

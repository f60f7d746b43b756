import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, canvas, drawn, inspector, line, outline, seeAll, typeIn } from './design-hands.ts';
import { patience } from './hands.ts';
import { oneShell } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

const rows = () => outline(page).getByRole('treeitem', { selected: true });

describe.each(oneShell)('several modules at once in $name', ({ isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)(
    'are selected by Shift and a click in the outline, without the browser’s own selection',
    async () => {
      await beginEmpty(page);
      await canvas(page).focus();
      await typeIn(page, 'conv 8 3 relu conv 16 3 relu conv 32 5 gap flatten linear 10');
      await line(page, 'Conv2d, 8').click();
      await line(page, 'Conv2d, 32').click({ modifiers: ['Shift'] });
      await expect.poll(() => rows().count(), patience).toBe(5);
      expect(await page.evaluate('String(getSelection())')).toBe('');
      await line(page, 'Conv2d, 16').click({ modifiers: ['Shift'] });
      await expect.poll(() => rows().count(), patience).toBe(3);
      await page.keyboard.press('Control+g');
      await line(page, 'Sequential, 1 of 6').waitFor();
      await page.keyboard.press('Control+z');
    },
  );

  it.runIf(isHere)('are selected by Shift and a click on the canvas', async () => {
    await seeAll(page);
    await drawn(page, 'Conv2d 8').click();
    await drawn(page, 'Conv2d 32').click({ modifiers: ['Shift'] });
    await expect.poll(() => rows().count(), patience).toBe(5);
  });

  it.runIf(isHere)('take one value of an option together, and one undo takes it back', async () => {
    const convolutions = inspector(page).getByRole('form', { name: 'Options of 3 Conv2d' });
    const stride = convolutions.getByLabel('stride, vertical', { exact: true });
    const kernel = convolutions.getByLabel('kernel_size, vertical', { exact: true });
    expect([await kernel.inputValue(), await kernel.getAttribute('placeholder')]).toEqual(['', 'mixed']);
    await kernel.fill('1');
    await kernel.press('Enter');
    await expect.poll(() => drawn(page, 'Conv2d \\d+, 1×1').count(), patience).toBe(3);
    await stride.fill('2');
    await stride.press('Enter');
    await expect.poll(() => drawn(page, 'Conv2d \\d+, 1×1, stride 2').count(), patience).toBe(3);
    await page.keyboard.press('Control+z');
    await expect.poll(() => drawn(page, 'Conv2d \\d+, 1×1, stride 2').count(), patience).toBe(0);
    await page.keyboard.press('Control+z');
    await drawn(page, 'Conv2d 32, 5×5').waitFor();
    expect(await drawn(page, 'Conv2d \\d+, 3×3').count()).toBe(2);
  });
});

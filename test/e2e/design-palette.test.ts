import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, canvas, dragNew, drawn, emptyPlaces, middleOf, selectNothing } from './design-hands.ts';
import { patience } from './hands.ts';
import { oneShell } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

const found = () => page.getByRole('tree', { name: 'Modules', exact: true }).getByRole('treeitem');

describe.each(oneShell)('modules by words in $name', ({ isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('are found by synonyms and misspellings; what finds nothing is answered below the box', async () => {
    await beginEmpty(page);
    const search = page.getByRole('searchbox', { name: 'Search the palette' });
    await search.fill('batchnrom');
    await found().filter({ hasText: 'BatchNorm2d' }).waitFor();
    await search.fill('inception');
    await found().filter({ hasText: 'Fork' }).first().waitFor();
    await search.fill('qqqq');
    const answer = page.getByRole('region', { name: 'Palette' }).getByRole('status');
    await answer.waitFor();
    const [box, below] = [(await search.boundingBox())!, (await answer.boundingBox())!];
    expect(below.y - (box.y + box.height)).toBeLessThan(box.height);
    await search.fill('');
  });

  it.runIf(isHere)('begin with the same options, dragged or typed', async () => {
    await dragNew(page, 'Conv2d', () => middleOf(emptyPlaces(page).first()));
    await drawn(page, 'Conv2d 64, 3×3, pad 1').waitFor();
    await selectNothing(page);
    await canvas(page).press('/');
    await page.keyboard.type('conv 64');
    await page.keyboard.press('Enter');
    await expect.poll(() => drawn(page, 'Conv2d 64, 3×3, pad 1').count(), patience).toBe(2);
  });

  it.runIf(isHere)('leave the drawing where it is as they come over its edge, and scroll it from within', async () => {
    const module = drawn(page, 'Conv2d 64, 3×3, pad 1').first();
    const before = await middleOf(module);
    const { x, y, width, height } = (await canvas(page).boundingBox())!;
    const row = found()
      .filter({ hasText: /^Linear / })
      .last();
    await row.scrollIntoViewIfNeeded();
    const from = await middleOf(row);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(x + 20, y + height / 2, { steps: 10 });
    await frames(20);
    expect(await middleOf(module)).toEqual(before);
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
    await frames(2);
    await page.mouse.move(x + 20, y + height / 2, { steps: 4 });
    const middle = async () => {
      const box = (await module.boundingBox())!;
      return box.x + box.width / 2;
    };
    await expect.poll(middle, patience).toBeGreaterThan(before.x);
    await page.keyboard.press('Escape');
    await page.mouse.up();
  });

  it.runIf(isHere)('show in a typed line which of them cannot be read', async () => {
    const line = 'conv 64 3 bn relu conv 64 3 strid=2 bn relu conv 128 3 maxpool gap flatten linear 10';
    await canvas(page).press('/');
    const field = page.getByRole('combobox', { name: 'Modules to insert' });
    await field.fill(line);
    const wrong = page.getByRole('dialog', { name: 'Insert by typing' }).locator('mark');
    await expect.poll(() => wrong.innerText(), patience).toBe('strid=2');
    // It grows with its text, a moment after it.
    const hidden = (): Promise<number> => field.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    await expect.poll(hidden, patience).toBeLessThanOrEqual(0);
    await field.press('Enter');
    const chosen =
      'document.activeElement.value.slice(...["Start", "End"].map((end) => document.activeElement[`selection${end}`]))';
    expect(await page.evaluate(chosen)).toBe('strid=2');
    await page.keyboard.press('Escape');
  });

  function frames(count: number): Promise<unknown> {
    return page.evaluate(
      `new Promise((done) => { let left = ${count}; (function next() { left-- ? requestAnimationFrame(next) : done() })() })`,
    );
  }
});

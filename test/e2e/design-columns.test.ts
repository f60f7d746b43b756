import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, canvas, line, seeAll, selected, typeIn } from './design-hands.ts';
import { patience, showPlace } from './hands.ts';
import { oneShell } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;
let page: Page;

const button = () => page.getByRole('button', { name: 'Columns', exact: true });

/** Width by height of all modules together. */
async function proportion(): Promise<number> {
  await seeAll(page);
  const modules = await canvas(page).getByRole('group').all();
  const boxes = await Promise.all(modules.map(async (module) => (await module.boundingBox())!));
  const span = (from: readonly number[], to: readonly number[]) => Math.max(...to) - Math.min(...from);
  const across = span(
    boxes.map(({ x }) => x),
    boxes.map(({ x, width }) => x + width),
  );
  const down = span(
    boxes.map(({ y }) => y),
    boxes.map(({ y, height }) => y + height),
  );
  return across / down;
}

describe.each(oneShell)('a tall network in $name', ({ isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('is laid out in columns, and stays so', async () => {
    await beginEmpty(page);
    await canvas(page).focus();
    await typeIn(page, `conv 8 3 p1${' relu conv 8 3 p1'.repeat(14)}`);
    expect(await proportion()).toBeLessThan(0.2);
    await button().click();
    await expect.poll(() => button().getAttribute('aria-pressed'), patience).toBe('true');
    expect(await proportion()).toBeGreaterThan(0.6);
    await showPlace(page, 'Train');
    await showPlace(page, 'Design');
    expect(await button().getAttribute('aria-pressed')).toBe('true');
  });

  it.runIf(isHere)('shows from afar which of its modules is selected, in the colours of all', async () => {
    await button().click();
    await expect.poll(() => button().getAttribute('aria-pressed'), patience).toBe('false');
    await line(page, 'ReLU').first().click();
    await seeAll(page);
    await expect.poll(() => selected(page).count(), patience).toBe(1);
    // Only its outline lies over the picture of all modules, which has its colour.
    expect(await selected(page).locator('xpath=./*').count()).toBe(0);
  });
});

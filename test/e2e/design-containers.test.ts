import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, drawn, emptyPlaces, inspector, line, parametersShown, problem, walkTo } from './design-hands.ts';
import { patience } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

describe.runIf(hasBrowser)('a network of transforms and forecasts', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  it('is typed, drawn and works', async () => {
    await beginEmpty(page);
    const block = 'linear 64 relu fork tuple (linear 784 | linear 10)';
    await insert(`transform (crop 28 padding=4 flip | identity) flatten nbeats (${block} | ${block})`);
    await expect.poll(() => problem(page), patience).toBe('No problems');
    // Twice 784 → 64 and 64 → 784, 64 → 10, with biases.
    expect(await parametersShown(page)).toBe(2 * (785 * 64 + 65 * 784 + 65 * 10));
    await walkTo(page, 'NBeats');
    await inspector(page).getByRole('heading', { name: 'NBeats' }).waitFor();
    expect(await drawn(page, 'NBeats').getAttribute('aria-label')).toContain('output 10');
    expect(await faultsOf(page, 'design-forecast')).toEqual([]);
  });

  it('has modules wrapped in a Transform, and says which block does not fit', async () => {
    await walkTo(page, 'Flatten');
    await inspector(page).getByRole('combobox', { name: 'Wrap in' }).selectOption('Transform');
    await inspector(page).getByRole('heading', { name: 'Transform' }).waitFor();
    await expect.poll(() => problem(page), patience).toContain('both must make the same shape');
    await page.keyboard.press('Control+z');
    await expect.poll(() => problem(page), patience).toBe('No problems');
    await line(page, 'Linear, 784').first().click();
    await page.keyboard.press('Delete');
    await expect.poll(() => problem(page), patience).toContain('needs a backcast and a forecast from block 1');
    expect(await faultsOf(page, 'design-forecast-fault')).toEqual([]);
  });
});

async function insert(text: string): Promise<void> {
  await emptyPlaces(page).click();
  await page.getByRole('combobox', { name: 'Modules to insert' }).fill(text);
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Modules to insert' }).waitFor({ state: 'detached' });
}

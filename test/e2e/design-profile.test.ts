import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, canvas, inspector, newEmpty, openRecipe, setOption, walkTo } from './design-hands.ts';
import { patience, showPlace, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

const panel = (): Locator => page.getByRole('region', { name: 'Profile of a training step' });
const button = (): Locator => page.getByRole('button', { name: 'Profile', exact: true });

/** Modules that say what they take. */
const profiled = (): Locator => canvas(page).getByRole('group', { name: /% of the training step/ });

describe.runIf(hasBrowser)('a training step is profiled in the Design place', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  it('shows what each module takes, and the rest of the step', async () => {
    await beginEmpty(page);
    await openInSmallBatches('mnist-conv');
    await button().focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => profiled().count(), patience).toBe(await canvas(page).getByRole('group').count());
    expect(await button().getAttribute('aria-pressed')).toBe('true');
    expect(await faultsOf(page, 'design-profile')).toEqual([]);
    // Room for all modules: only those in sight are there.
    await page.setViewportSize({ width: 1920, height: 1080 });
    const modules = canvas(page).locator('.card .share');
    await expect.poll(() => modules.count(), patience).toBe(13);
    await panel()
      .getByText(/^Rest of the step/)
      .click();
    const rest = panel().locator('tbody td:last-child');
    expect(await rest.count()).toBeGreaterThan(3);
    const shares = [...(await rest.allInnerTexts()), ...(await modules.allInnerTexts())].map(Number.parseFloat);
    const sum = shares.reduce((total, share) => total + share, 0);
    // Each is rounded to a tenth.
    expect(Math.abs(sum - 100)).toBeLessThan(1);
    expect(await faultsOf(page, 'design-profile-wide')).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('tells the times of what is selected', async () => {
    await walkTo(page, 'Conv2d, 20');
    expect(await inspector(page).innerText()).toMatch(/Forward pass\s+[\d.,]+ ms\s+Backward pass\s+[\d.,]+ ms/);
  });

  it('is over when the network changes, and back when it is asked for', async () => {
    await setOption(page, 'out_channels', 24);
    await panel().waitFor({ state: 'detached' });
    expect(await profiled().count()).toBe(0);
    expect(await button().getAttribute('aria-pressed')).toBe('false');
    await button().click();
    await expect.poll(() => profiled().count(), patience).toBeGreaterThan(0);
    await panel().getByRole('button', { name: 'Close the profile' }).click();
    expect(await profiled().count()).toBe(0);
  });

  it('colours both networks of a generator', async () => {
    await openInSmallBatches('mnist-gan');
    await button().click();
    await expect.poll(() => profiled().count(), patience).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Discriminator', exact: true }).click();
    await expect.poll(() => profiled().count(), patience).toBe(await canvas(page).getByRole('group').count());
    expect(await faultsOf(page, 'design-profile-adversarial')).toEqual([]);
  });

  it('is cancelled, and its engine ends', async () => {
    await openRecipe(page, 'mnist-simpnet');
    await button().click();
    await panel().getByRole('button', { name: 'Cancel' }).click();
    await panel().waitFor({ state: 'detached' });
    await expect.poll(() => shell.enginePids(), patience).toEqual([]);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says why it cannot be taken: the network does not work, or it is empty', async () => {
    await openRecipe(page, 'mnist-conv');
    await walkTo(page, 'Conv2d, 50');
    await setOption(page, 'in_channels', 128);
    await button().click();
    await expect.poll(() => panel().innerText(), patience).toMatch(/128/);
    expect(await faultsOf(page, 'design-profile-problem')).toEqual([]);
    await newEmpty(page);
    await button().click();
    await expect.poll(() => panel().innerText(), patience).toMatch(/Add modules/);
  });

  /** A recipe's own batch would take its time, step by step. */
  async function openInSmallBatches(recipe: string): Promise<void> {
    await openRecipe(page, recipe);
    await showPlace(page, 'Train');
    await writeSetting(page, 'Batch size', 50);
    await showPlace(page, 'Design');
  }
});

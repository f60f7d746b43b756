import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, patience, trainButton, writeSetting } from './hands.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let one: Page;
let other: Page;

describe.runIf(hasBrowser)('one project in two browsers', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    one = shell.page;
    await beginRecipe(one, 'mnist-logit');
    await writeSetting(one, 'Batch size', 111);
    other = await shell.openAnother();
  });
  afterAll(() => shell.close());

  it('is changed in one and followed in the other, which is told', async () => {
    await banner(other).waitFor();
    await expect.poll(() => setting(other, 'Batch size').inputValue(), patience).toBe('111');
    expect(await other.locator('aside[inert]').count()).toBe(1);
    // A run changes nothing of the project.
    for (const page of [one, other]) expect(await trainButton(page, 'Train').isEnabled()).toBe(true);
    await writeSetting(one, 'Epochs', 9);
    await expect.poll(() => setting(other, 'Epochs').inputValue(), patience).toBe('9');
    expect(await banner(one).count()).toBe(0);
  });

  it('comes back whole when its owner is loaded again', async () => {
    await writeSetting(one, 'Batch size', 222);
    await expect.poll(() => setting(other, 'Batch size').inputValue(), patience).toBe('222');
    await one.reload();
    await expect.poll(() => setting(one, 'Batch size').inputValue(), patience).toBe('222');
    expect(await setting(one, 'Epochs').inputValue()).toBe('9');
    expect(await banner(one).count()).toBe(0);
    await writeSetting(one, 'Epochs', 8);
    await expect.poll(() => setting(other, 'Epochs').inputValue(), patience).toBe('8');
  });

  it('changes hands with everything that was typed', async () => {
    await writeSetting(one, 'Epochs', 7);
    await other.getByRole('button', { name: 'Edit here' }).click();
    await banner(one).waitFor();
    await expect.poll(() => setting(other, 'Epochs').inputValue(), patience).toBe('7');
    expect(await banner(other).count()).toBe(0);
    await writeSetting(other, 'Batch size', 64);
    await expect.poll(() => setting(one, 'Batch size').inputValue(), patience).toBe('64');
  });

  it('is left to itself by a copy', async () => {
    await one.getByRole('button', { name: 'Work on a copy' }).click();
    await expect.poll(() => banner(one).count()).toBe(0);
    await writeSetting(one, 'Epochs', 3);
    await writeSetting(other, 'Epochs', 4);
    await other.reload();
    await expect.poll(() => setting(other, 'Epochs').inputValue(), patience).toBe('4');
    await one.reload();
    await expect.poll(() => setting(one, 'Epochs').inputValue(), patience).toBe('3');
  });

  function banner(page: Page): Locator {
    return page.getByRole('button', { name: 'Edit here' });
  }

  function setting(page: Page, label: string): Locator {
    return page.getByRole('form', { name: 'How to train' }).getByLabel(label, { exact: true });
  }
});

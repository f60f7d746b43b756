import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { beginRecipe, epochsShown, patience, showPlace, trainButton, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;

function choice(label: string): Locator {
  return shell.page.getByRole('form', { name: 'How to train' }).getByLabel(label, { exact: true });
}

describe.runIf(hasBrowser)('how to train, chosen in the form', () => {
  beforeAll(async () => {
    shell = await openBrowser();
  });
  afterAll(() => shell.close());

  it('offers what each optimizer has, and nothing of the one before', async () => {
    await beginRecipe(shell.page, 'mnist-logit');
    await showPlace(shell.page, 'Train');
    await choice('Optimizer').selectOption('L-BFGS');
    await choice('Line search').check();
    await writeSetting(shell.page, 'Iterations per step', 4);
    expect(await choice('Evaluations per step').getAttribute('placeholder')).toContain('5');
    expect(await choice('Weight decay').count()).toBe(0);
    expect(await faultsOf(shell.page, 'form-lbfgs')).toEqual([]);
    await choice('Optimizer').selectOption('Muon');
    await choice('Decay weights only').check();
    expect(await choice('Line search').count()).toBe(0);
    expect(await choice('Nesterov').isChecked()).toBe(true);
  });

  it('says of every setting what it does, whatever optimizer, schedule and loss are chosen', async () => {
    const form = shell.page.getByRole('form', { name: 'How to train' });
    const silent = new Set<string>();
    async function gather(): Promise<void> {
      for (const label of await form.locator('.row > label:not([title])').allTextContents()) silent.add(label.trim());
    }
    for (const setting of ['Optimizer', 'Schedule', 'Loss']) {
      const before = await choice(setting).inputValue();
      for (const option of await choice(setting).locator('option').all()) {
        await choice(setting).selectOption(await option.getAttribute('value'));
        await gather();
      }
      await choice(setting).selectOption(before);
    }
    expect([...silent]).toEqual([]);
  });

  it('draws the schedule, and says of a plateau that it cannot be known', async () => {
    const form = shell.page.getByRole('form', { name: 'How to train' });
    await choice('Schedule').selectOption('Triangles');
    await writeSetting(shell.page, 'Rise, epochs', 2);
    const drawing = form.getByRole('img', { name: /^Learning rate/ });
    expect(await drawing.getAttribute('aria-label')).toMatch(/at most 0\.04/);
    expect(await form.getByText('drawn here as if it never did').count()).toBe(0);
    expect(await faultsOf(shell.page, 'form-triangles')).toEqual([]);
    await choice('Schedule').selectOption('Reduce on plateau');
    await writeSetting(shell.page, 'Patience, epochs', 0);
    await form.getByText('drawn here as if it never did').waitFor();
  });

  it('offers the losses that the data feeds, and trains by what was chosen', async () => {
    await choice('Loss').selectOption('Multi-class margin');
    await choice('Reduction').selectOption('sum');
    expect(await faultsOf(shell.page, 'form-margin')).toEqual([]);
    await choice('Reduction').selectOption('mean');
    await writeSetting(shell.page, 'Epochs', 3);
    await trainButton(shell.page, 'Train').click();
    await expect.poll(() => epochsShown(shell.page), patience).toBe(3);
  });
});

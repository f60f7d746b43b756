import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { beginRecipe, showPlace, trainButton, untilEpochs, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;

function choice(label: string): Locator {
  return shell.page.getByRole('form', { name: 'How to train' }).getByLabel(label, { exact: true });
}

/** In the page: selects that are narrower than their longest choice, and summaries that do not fit. */
const cut = `
  const isCut = (select) => {
    const free = select.cloneNode(true);
    free.style.cssText = 'position: absolute; width: auto; min-width: 0; max-width: none';
    select.parentElement.append(free);
    const { offsetWidth } = free;
    free.remove();
    return offsetWidth > select.offsetWidth;
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  [
    ...all('aside select').filter(isCut),
    ...all('aside summary, aside summary *').filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth),
  ].map(({ outerHTML }) => outerHTML);
`;

describe.runIf(hasBrowser)('how to train, chosen in the form', () => {
  beforeAll(async () => {
    shell = await openBrowser();
  });
  afterAll(() => shell.close());

  it('cuts no choice and no summary', async () => {
    await beginRecipe(shell.page, 'mnist-logit');
    await showPlace(shell.page, 'Train');
    const form = shell.page.getByRole('form', { name: 'How to train' });
    await choice('Schedule').selectOption('Reduce on plateau');
    await choice('Loss').selectOption('Binary cross entropy with logits');
    await form.getByText('Length and batches').click();
    await form.getByText('Rate and schedule').click();
    for (const width of [1280, 800]) {
      await shell.page.setViewportSize({ width, height: 800 });
      expect(await shell.page.evaluate(cut)).toEqual([]);
    }
    await form.getByText('Length and batches').click();
    await form.getByText('Rate and schedule').click();
    await choice('Loss').selectOption('Cross entropy');
    await shell.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('offers what each optimizer has, and nothing of the one before', async () => {
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

  it('has groups that end, that run a whole schedule until then, and that Muon leaves out', async () => {
    const form = shell.page.getByRole('form', { name: 'How to train' });
    await choice('Normalise weights').check();
    await choice('Other parameters').selectOption('SGD');
    await form.getByRole('button', { name: 'Add a parameter group' }).click();
    expect(await choice('Whole schedule').count()).toBe(0);
    await writeSetting(shell.page, 'Epochs trained', 2);
    await choice('Whole schedule').check();
    await choice('By Muon').uncheck();
    expect(await faultsOf(shell.page, 'form-groups')).toEqual([]);
    // What only Muon has goes with it, and nothing is left that cannot be trained.
    await choice('Optimizer').selectOption('SGD');
    expect(await choice('By Muon').count()).toBe(0);
    expect(await choice('Epochs trained').inputValue()).toBe('2');
    expect(await form.getByRole('alert').count()).toBe(0);
    await choice('Optimizer').selectOption('Muon');
    expect(await choice('By Muon').isChecked()).toBe(true);
  });

  it('looks ahead where it is asked to', async () => {
    await shell.page.getByRole('form', { name: 'How to train' }).getByText('Averaged weights').click();
    await choice('Average').selectOption('lookahead');
    await writeSetting(shell.page, 'Every, steps', 7);
    await writeSetting(shell.page, 'Decay', 1);
    await shell.page
      .getByText(/Decay must be less than 1/)
      .first()
      .waitFor();
    await writeSetting(shell.page, 'Decay', 0.6);
    await writeSetting(shell.page, 'Ramp', 2);
    expect(await faultsOf(shell.page, 'form-lookahead')).toEqual([]);
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
    await untilEpochs(shell.page, 3);
  });
});

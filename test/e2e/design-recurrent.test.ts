import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspector, line, parametersOf, parametersShown, problem, readRecipe, walkTo } from './design-hands.ts';
import { patience, showPlace } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

describe.runIf(hasBrowser)('a recurrent network', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  it('has its LSTM put into a Recurrent, which hands on the last step instead of a Select', async () => {
    await page.getByRole('button', { name: /^mnist-lstm\b/ }).click();
    await showPlace(page, 'Design');
    const parameters = parametersOf(await readRecipe('mnist-lstm'));
    await expect.poll(() => parametersShown(page), patience).toBe(parameters);

    await walkTo(page, 'LSTM, 128, layers 2');
    await inspector(page).getByRole('combobox', { name: 'Wrap in' }).selectOption('Recurrent');
    await inspector(page).getByRole('heading', { name: 'Recurrent' }).waitFor();
    await inspector(page).getByRole('checkbox', { name: 'Output: last step' }).check();
    await inspector(page).getByRole('checkbox', { name: 'Output: sequence' }).uncheck();
    await walkTo(page, 'Select');
    await page.keyboard.press('Delete');
    await walkTo(page, 'Recurrent');
    await inspector(page).getByRole('checkbox', { name: 'Stateful' }).check();

    expect(await problem(page)).toBe('No problems');
    await expect.poll(() => parametersShown(page), patience).toBe(parameters);
    await expect.poll(() => line(page, 'Recurrent').innerText(), patience).toContain('last step, carried');
    expect(await faultsOf(page, 'design-recurrent')).toEqual([]);
  });
});

// What a network gets wrong of a table are rows with their columns, not images.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateDataset } from '../../main/datasets/datasets.ts';
import { readRows } from '../../main/datasets/read-rows.ts';
import { beginRecipe, patience, showPlace, trainButton, untilFinished, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;

describe.runIf(hasBrowser)('the mistakes of a table', () => {
  beforeAll(async () => {
    shell = await openBrowser();
  });
  afterAll(() => shell.close());

  it('are rows with the names and values of their columns', async () => {
    const { page } = shell;
    await beginRecipe(page, 'spirals');
    await writeSetting(page, 'Epochs', 1);
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    await showPlace(page, 'Evaluate');
    const rows = page.getByRole('region', { name: 'Test rows' });
    const first = rows.getByRole('row').nth(1);
    await first.waitFor();
    const heads = await rows.getByRole('columnheader').allInnerTexts();
    expect(heads.slice(-2)).toEqual(['x', 'y']);
    expect(await rows.getByRole('slider').count()).toBe(0);
    const sample = Number(await first.getByRole('rowheader').innerText());
    const { test, inputShape } = await locateDataset({ source: 'spirals' });
    const expected = Array.from((await readRows(test, inputShape, Int32Array.of(sample)))!, String);
    await expect.poll(async () => (await first.getByRole('cell').allInnerTexts()).slice(-2)).toEqual(expected);
    await first.getByRole('button').click();
    const chosen = page.getByRole('region', { name: 'Selected row' });
    await expect.poll(() => chosen.getByRole('definition').allInnerTexts()).toEqual(expected);
    expect(await faultsOf(page, 'table-rows')).toEqual([]);
  });

  it('what the network says of a row of one’s own changes with it, and what is no number is told', async () => {
    const { page } = shell;
    await page.getByRole('tab', { name: 'Own row' }).click();
    const own = page.getByRole('region', { name: 'Own row' });
    const x = own.getByLabel('x', { exact: true });
    const predicted = own.getByRole('status');
    await expect.poll(() => predicted.innerText(), patience).toMatch(/^Predicted as .+ with [\d.]+ %/);
    const before = await predicted.innerText();
    await x.fill('-0,73');
    await expect.poll(() => predicted.innerText()).not.toBe(before);
    const comma = await predicted.innerText();
    await page.getByRole('tab', { name: 'Matrix' }).click();
    await page.getByRole('tab', { name: 'Own row' }).click();
    expect(await x.inputValue()).toBe('-0,73');
    await x.fill('none at all');
    await expect.poll(() => own.getByRole('alert').innerText()).toBe('x holds no number.');
    await x.fill('-0.73');
    await expect.poll(() => predicted.innerText()).toBe(comma);
    expect(await faultsOf(page, 'own-row')).toEqual([]);
  });
});

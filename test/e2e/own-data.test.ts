import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginRecipe,
  deleteAfterQuestion,
  epochsShown,
  patience,
  showPlace,
  trainButton,
  trainToTheEnd,
  untilFinished,
  writeSetting,
} from './hands.ts';
import { emptyPlaces, typeIn } from './design-hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let folder: string;
const before = process.env['TORCHWRIGHT_CACHE'];

describe.runIf(hasBrowser)('data of one’s own', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
    process.env['TORCHWRIGHT_CACHE'] = path.join(folder, 'cache');
    shell = await openBrowser();
    await beginRecipe(shell.page, 'mnist-logit');
  });
  afterAll(async () => {
    await shell.close();
    if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
    else process.env['TORCHWRIGHT_CACHE'] = before;
    await rm(folder, { recursive: true, force: true });
  });

  it('are read by their path, told with what was left out, and become the project’s', async () => {
    const { page } = shell;
    const table = path.join(folder, 'line.csv');
    const rows = Array.from({ length: 60 }, (_, row) => `${row},${row === 7 ? '' : 2 * row + 0.5}`);
    await writeFile(table, `x,y\n${rows.join('\n')}\n`);
    await showPlace(page, 'Data');
    const own = page.getByRole('region', { name: 'Your own data' });
    await own.getByRole('textbox').fill(table);
    await own.getByRole('button', { name: 'Import', exact: true }).click();
    const card = own.getByRole('article').filter({ hasText: 'line.csv' });
    await card.getByText("this project's").waitFor();
    expect(await card.innerText()).toMatch(/47 training, 12 test/);
    await card.getByText('1 left out').click();
    expect(await card.innerText()).toContain('1 × y is empty');
    expect(await faultsOf(page, 'own-data')).toEqual([]);
  });

  it('of pictures account for every file, and are read anew with another fit', async () => {
    const { page } = shell;
    const place = path.join(folder, 'shapes');
    const picture = (width: number): Uint8Array =>
      encode({ width, height: 8, channels: 1, data: new Uint8Array(8 * width).fill(width) });
    for (const name of ['Train/cat', 'Train/dog', 'Test/cat', 'Test/dog']) {
      await mkdir(path.join(place, name), { recursive: true });
      for (let file = 0; file < 3; file++) await writeFile(path.join(place, name, `${file}.png`), picture(8));
    }
    await writeFile(path.join(place, 'Train', 'cat', 'wide.png'), picture(16));
    await writeFile(path.join(place, 'counts.csv'), 'id,count\n1,2\n');
    await showPlace(page, 'Data');
    const own = page.getByRole('region', { name: 'Your own data' });
    await own.getByRole('textbox').fill(place);
    await own.getByRole('button', { name: 'Import', exact: true }).click();
    const report = page.getByRole('region', { name: 'Import report of shapes' });
    await report.waitFor();
    const used = report.getByRole('group', { name: 'Use of the files' });
    expect(await used.getByRole('row').allInnerTexts()).toEqual([
      expect.anything(),
      expect.stringMatching(/training\s+7/),
      expect.stringMatching(/testing\s+6/),
    ]);
    expect(await report.innerText()).toMatch(/14 files: 13 used, 1 left out/);
    expect(await report.getByRole('group', { name: 'Skipped files and rows' }).innerText()).toContain('counts.csv');
    await page.getByRole('combobox', { name: 'Fit', exact: true }).selectOption('contain');
    await page.locator('[data-at="data.import.background"]').fill('#203040');
    // One side alone fills both: there is no size of a number and a word.
    await page.getByRole('textbox', { name: 'Height' }).fill('8');
    await page.keyboard.press('Tab');
    expect(await page.getByRole('textbox', { name: 'Width' }).inputValue()).toBe('8');
    // The report is seen though other data are looked at.
    await own.getByRole('article').filter({ hasText: 'line.csv' }).getByRole('button', { name: 'Inspect' }).click();
    await page.getByRole('button', { name: 'Import again' }).click();
    await page.getByRole('button', { name: 'Import again' }).waitFor({ state: 'detached' });
    expect(await report.innerText()).toContain('#203040');
    expect(await faultsOf(page, 'own-pictures')).toEqual([]);
  });

  it('that change on the disk are named in a notice that stays, and keep from training once they are gone', async () => {
    const { page } = shell;
    const place = path.join(folder, 'shapes');
    for (const part of ['Train', 'Test']) await rename(path.join(place, part, 'cat'), path.join(place, part, 'lynx'));
    const errors = page.getByRole('region', { name: 'Errors', exact: true });
    expect(await errors.count()).toBe(0);
    // Looked at, they are read again.
    const card = page
      .getByRole('region', { name: 'Your own data' })
      .getByRole('article')
      .filter({ hasText: "this project's" });
    await card.getByRole('button', { name: 'Inspect' }).click();
    await errors.getByText('lynx').waitFor();
    await errors.getByRole('button', { name: 'Clear all' }).click();
    await rename(place, `${place}-away`);
    await page.evaluate("window.dispatchEvent(new Event('focus'))");
    const summary = page.locator('[aria-controls="problems"]');
    await expect.poll(() => summary.innerText(), patience).toMatch(/problem|shapes/);
    await summary.click();
    await page.locator('#problems').getByText(place).waitFor();
    expect(await trainButton(page, 'Train').isDisabled()).toBe(true);
  });

  it('that are put back are noticed wherever the user is, and an import that is deleted is asked for', async () => {
    const { page } = shell;
    const place = path.join(folder, 'shapes');
    await showPlace(page, 'Train');
    const ofData = page.locator('#problems').getByText(place);
    await ofData.waitFor();
    await rename(`${place}-away`, place);
    await ofData.waitFor({ state: 'detached' });
    await showPlace(page, 'Data');
    await page.getByRole('button', { name: 'All data sets' }).click();
    const own = page.getByRole('region', { name: 'Your own data' });
    const card = own.getByRole('article').filter({ hasText: "this project's" });
    // Of the project's own data it is asked before.
    await deleteAfterQuestion(card.getByRole('button', { name: /delete/i }));
    await ofData.waitFor();
    expect(await page.getByRole('combobox', { name: 'Fit', exact: true }).inputValue()).toBe('contain');
    await page.getByRole('button', { name: 'Import again' }).click();
    await ofData.waitFor({ state: 'detached' });
  });

  it('that changed under a run are evaluated anew when the run goes on with them', async () => {
    const { page } = shell;
    const table = path.join(folder, 'wave.csv');
    const write = (rows: number): Promise<void> =>
      writeFile(table, `x,y\n${Array.from({ length: rows }, (_, row) => `${row},${Math.sin(row / 9)}`).join('\n')}\n`);
    await write(100);
    await page.keyboard.press('Control+Shift+n');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await showPlace(page, 'Data');
    const own = page.getByRole('region', { name: 'Your own data' });
    await own.getByRole('textbox').fill(table);
    await own.getByRole('button', { name: 'Import', exact: true }).click();
    await own.getByRole('article').filter({ hasText: 'wave.csv' }).getByText("this project's").waitFor();
    await showPlace(page, 'Design');
    await emptyPlaces(page).first().waitFor();
    await typeIn(page, 'linear 1');
    await showPlace(page, 'Train');
    await writeSetting(page, 'Epochs', 2);
    await trainToTheEnd(page);
    await showPlace(page, 'Evaluate');
    await page.getByRole('heading', { name: 'Errors on 20 test samples' }).waitFor();
    await write(50);
    await showPlace(page, 'Train');
    await page.getByRole('button', { name: 'Train more' }).click();
    await page.getByRole('button', { name: 'Resume with changed data' }).click();
    // Told by the question alone.
    const errors = page.getByRole('region', { name: 'Errors', exact: true }).getByText(/wave|test-inputs/);
    await expect.poll(() => errors.count()).toBe(0);
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(2);
    await untilFinished(page);
    await showPlace(page, 'Evaluate');
    await page.getByRole('heading', { name: 'Errors on 10 test samples' }).waitFor();
    const cells = page.getByRole('group', { name: 'Rows' }).getByRole('cell');
    await expect.poll(async () => (await cells.allInnerTexts()).includes('…'), patience).toBe(false);
    expect(await errors.count()).toBe(0);
  });
});

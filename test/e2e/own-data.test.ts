import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, showPlace } from './hands.ts';
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
    await beginRecipe(page, 'mnist-logit');
    await showPlace(page, 'Data');
    const own = page.getByRole('region', { name: 'Your own data' });
    await own.getByRole('textbox').fill(table);
    await own.getByRole('button', { name: 'Read' }).click();
    const card = own.getByRole('article').filter({ hasText: 'line.csv' });
    await card.getByText("this project's").waitFor();
    expect(await card.innerText()).toMatch(/47 to train, 12 to test/);
    await card.getByText('1 left out').click();
    expect(await card.innerText()).toContain('1 × y is empty');
    expect(await faultsOf(page, 'own-data')).toEqual([]);
  });
});

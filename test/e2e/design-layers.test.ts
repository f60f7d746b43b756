import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginEmpty, inspector, networkText, outline, problem, tabTo, typeIn, walkTo } from './design-hands.ts';
import { patience } from './hands.ts';
import { faultsOf } from './judged.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;
let page: Page;

describe.runIf(hasBrowser)('layers of every family', () => {
  beforeAll(async () => {
    shell = await openBrowser();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  it('are typed, and a convolution of sequences has its padding chosen by a word', async () => {
    await beginEmpty(page);
    await tabTo(page, outline(page).getByRole('treeitem'));
    await page.keyboard.press('ArrowDown');
    await typeIn(
      page,
      'crop 28 padding=4 flip zscore mean=0.5 std=0.25 pad 1 flatten 2 conv1d 16 3 pos interpolate 2 flatten linear 10',
    );
    await walkTo(page, 'Conv1d, 16, 3');
    await inspector(page).getByRole('combobox', { name: 'padding', exact: true }).selectOption('same');
    await expect.poll(() => networkText(page), patience).toContain('"padding": "same"');
    expect(await problem(page)).toBe('No problems');
    expect(await faultsOf(page, 'design-layers')).toEqual([]);
  });
});

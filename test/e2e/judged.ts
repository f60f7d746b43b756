import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Each place in both themes as it looked in these tests, to be looked at. */
const picturesFolder = path.resolve(import.meta.dirname, '../../build/pictures');
/** With README_PICTURES=1 those in the README are made anew. */
const readmeFolder = path.resolve(import.meta.dirname, '../../resources/pictures');
const inReadme = ['train-light', 'runs-dark', 'design-selected-light', 'evaluate-cell-electron-light'];
const isForReadme = process.env['README_PICTURES'] === '1';

const themes = ['light', 'dark'] as const;

/** Draws the page as it is now in each theme, and has axe judge it: what is serious or critical, one line a fault. */
export async function faultsOf(page: Page, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  // Nothing under the pointer but the page's bare corner.
  await page.mouse.move(0, 799);
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await drawn(page);
    await picture(page, `${name}-${theme}`);
    found.push(...(await judge(page)).map((fault) => `${theme}: ${fault}`));
  }
  return found;
}

/** Saves what the page shows now. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const folder of isForReadme && inReadme.includes(name) ? [picturesFolder, readmeFolder] : [picturesFolder]) {
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}

/** Charts follow the theme some frames later: one chart a frame. */
export async function drawn(page: Page): Promise<void> {
  for (let frame = 0; frame < 10; frame++) {
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          (globalThis as unknown as { requestAnimationFrame(callback: typeof resolve): void }).requestAnimationFrame(
            resolve,
          );
        }),
    );
  }
}

/** Of what `within` selects. */
export async function judge(page: Page, within = 'html'): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (selector) => (globalThis as unknown as { axe: typeof axe }).axe.run(selector, { resultTypes: ['violations'] }),
    within,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} (${help}): ${target.join(' ')}`));
}

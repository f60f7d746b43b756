import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium as playwright } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repositoryFolder } from '../../main/paths.ts';
import { run, temporaryFolder, trainToEnd, useTemporaryHome } from '../cli/command.ts';
import { small, smallConditional } from '../small-generator.ts';
import { chromium } from './desktop.ts';
import { hasBrowser } from './shells.ts';

const picturesFolder = path.join(repositoryFolder, 'build', 'pictures');
const projects = [small, smallConditional];
let browser: Browser;

useTemporaryHome('file');

beforeAll(async () => {
  if (hasBrowser) browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
});
afterAll(async () => {
  if (hasBrowser) await browser.close();
});

const exported = (name: string) => path.join(temporaryFolder(), `${name}-page`);

async function trainAndExport(name: string, project: unknown): Promise<void> {
  const file = path.join(temporaryFolder(), `${name}.json`);
  await writeFile(file, JSON.stringify(project));
  const short = ['--threads', '1', '--json', '--set', 'recipe.iterations=5', '--set', 'recipe.epochs=1'];
  const trained = await trainToEnd('train', file, ...short);
  const ended = await run('export', trained.run, '--format', 'html', '--out', exported(name));
  expect(ended.stderr).toBe('');
}

async function openPage(name: string): Promise<{ readonly page: Page; readonly asked: string[] }> {
  const context = await browser.newContext({ offline: true, viewport: { width: 900, height: 720 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).protocol));
  await page.goto(pathToFileURL(path.join(exported(name), 'model.html')).href);
  await page.getByText('Made of noise').waitFor({ timeout: 60_000 });
  return { page, asked };
}

/** What is drawn, 280 × 280, in greys. */
function drawn(page: Page): Promise<readonly number[]> {
  return page.evaluate<number[]>(`(() => {
    const { data } = document.getElementById('pad').getContext('2d').getImageData(0, 0, 280, 280);
    return Array.from({ length: 280 * 280 }, (_, at) => data[4 * at]);
  })()`);
}

function distance(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}

test.runIf(hasBrowser).for(projects)(
  'a page of $name makes pictures from the disk, without a network: the same of the same seed, and a walk to the next',
  async (project) => {
    await trainAndExport(project.name, project);
    const { page, asked } = await openPage(project.name);
    const seed = page.getByLabel('seed', { exact: true });
    const walk = page.getByLabel('on the way to the next seed');
    const picture = (of: number) => page.getByRole('img', { name: `Picture of seed ${of}`, exact: true });
    await picture(1).waitFor();
    const first = await drawn(page);
    expect(new Set(first).size).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Make another' }).click();
    await picture(2).waitFor();
    const second = await drawn(page);
    expect(await seed.inputValue()).toBe('2');
    expect(second).not.toEqual(first);
    await seed.fill('1');
    await picture(1).waitFor();
    await expect.poll(() => drawn(page)).toEqual(first);
    await walk.fill('0.5');
    await expect.poll(async () => distance(await drawn(page), first)).toBeGreaterThan(0);
    const half = await drawn(page);
    expect(distance(half, second)).toBeGreaterThan(0);
    await walk.fill('1');
    await expect.poll(() => drawn(page)).toEqual(second);
    if (project === smallConditional) await expectOfClass(page);
    else expect(await page.locator('#wanted').isVisible()).toBe(false);
    await mkdir(picturesFolder, { recursive: true });
    await page.screenshot({ path: path.join(picturesFolder, `exported-${project.name}.png`) });
    expect(new Set(asked)).toEqual(new Set(['file:', 'blob:']));
  },
);

/** Another digit of the same noise is another picture. */
async function expectOfClass(page: Page): Promise<void> {
  const zero = await drawn(page);
  await page.getByLabel('of class').selectOption('7');
  await expect.poll(() => drawn(page)).not.toEqual(zero);
}

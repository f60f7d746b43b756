import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRecipe, deleteAfterQuestion, showPlace } from './hands.ts';
import { dropFiles } from './drop.ts';
import { faultsOf } from './judged.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

const classNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/** What is asked of a canvas within the page. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Iterable<number> };
  };
}

/** Red, green, blue of each pixel of a picture as it is drawn, by its words. */
async function drawnPixels(card: Locator, words: string): Promise<readonly number[]> {
  const picture = card.getByRole('img', { name: words, exact: true });
  await picture.waitFor();
  return picture.evaluate((element: unknown) => {
    const canvas = element as Canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, at) => at % 4 !== 3);
  });
}

/** The first picture of a class in CIFAR-10's own file, as its page describes it: a label, then red, green, blue. */
function firstOf(batch: Buffer, label: number): readonly number[] {
  const pixels = 1024;
  for (let at = 0; at < batch.length; at += 1 + 3 * pixels) {
    if (batch[at] !== label) continue;
    return Array.from({ length: 3 * pixels }, (_, place) => {
      const [pixel, colour] = [Math.floor(place / 3), place % 3];
      return batch[at + 1 + colour * pixels + pixel]!;
    });
  }
  throw new Error(`no picture of class ${label}`);
}

/** A picture of 4 × 4 pixels in colours of its own. */
function drawPicture(seed: number): Uint8Array {
  return Uint8Array.from({ length: 48 }, (_, at) => (at * 11 + seed * 37) % 256);
}

/** Ten pictures of two classes, a damaged one, and a file that is no picture. */
async function makeFlowers(folder: string): Promise<string> {
  const flowers = path.join(folder, 'flowers');
  for (const [label, name] of ['rose', 'tulip'].entries()) {
    await mkdir(path.join(flowers, name), { recursive: true });
    for (let number = 0; number < 5; number++) {
      const data = drawPicture(10 * label + number);
      await writeFile(path.join(flowers, name, `${number}.png`), encode({ width: 4, height: 4, channels: 3, data }));
    }
  }
  const whole = await readFile(path.join(flowers, 'rose', '0.png'));
  await writeFile(path.join(flowers, 'rose', 'cut.png'), whole.subarray(0, whole.length - 30));
  await writeFile(path.join(flowers, 'tulip', 'notes.txt'), 'not a picture');
  return flowers;
}

describe.each(shells)('the Data place in $name', ({ name, isHere, open }) => {
  let shell: OpenedShell;
  let folder: string;
  const before = process.env['TORCHWRIGHT_CACHE'];

  beforeAll(async () => {
    if (!isHere) return;
    folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
    process.env['TORCHWRIGHT_CACHE'] = path.join(folder, 'cache');
    shell = await open();
  });
  afterAll(async () => {
    if (!isHere) return;
    await shell.close();
    if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
    else process.env['TORCHWRIGHT_CACHE'] = before;
    await rm(folder, { recursive: true, force: true });
  });

  it.runIf(isHere)('fetches CIFAR-10, after it was cancelled too, and shows its pictures', async () => {
    const { page } = shell;
    await beginRecipe(page, 'mnist-logit');
    await showPlace(page, 'Data');
    const card = page.getByRole('article', { name: 'CIFAR-10' });
    const fetch = card.getByRole('button', { name: /^Download/ });
    expect(await card.innerText()).toMatch(/170 MB [^]*184 MB/);
    await fetch.click();
    await card.getByRole('status').filter({ hasText: 'fetching' }).waitFor();
    await card.getByRole('button', { name: 'Cancel' }).click();
    await fetch.waitFor();
    const datasets = path.join(folder, 'cache', 'datasets');
    expect(await readdir(datasets)).toEqual([]);
    await fetch.click();
    await card.getByText('verified by checksum').waitFor();
    expect(await card.innerText()).toMatch(/50,000 training, 10,000 test, 3 × 32 × 32[^]*184 MB on disk/);
    const batch = await readFile(path.join(datasets, 'cifar10', 'data_batch_1.bin'));
    for (const [label, className] of classNames.entries()) {
      expect(await drawnPixels(card, className)).toEqual(firstOf(batch, label));
    }
    await card.getByRole('button', { name: 'Inspect' }).click();
    const inspection = page.getByRole('region', { name: 'Data set cifar10' });
    await inspection.getByRole('tab', { name: 'Classes' }).click();
    const rows = await inspection.getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((row) => row.split(/\s+/))).toEqual(
      classNames.map((className) => [className, '5,000', '10.0', '%', '1,000', '10.0', '%']),
    );
    await page.getByRole('button', { name: 'All data sets' }).click();
  });

  it.runIf(isHere)('reads a folder that is dropped on it, and reports what was taken and what was not', async () => {
    const { page } = shell;
    const flowers = await makeFlowers(folder);
    const own = page.getByRole('region', { name: 'Your own data' });
    await dropFiles(page, own.getByRole('heading', { level: 1 }), [flowers]);
    const report = own.getByRole('region', { name: 'Import report of flowers' });
    await report.waitFor();
    const words = await report.innerText();
    expect(words).toMatch(/10 images of 3 × 4 × 4: 8 for training, 2 for testing\. 2 left out\./);
    expect(words).toMatch(/\s1\s+rose\/cut\.png/);
    expect(words).toMatch(/\s1\s+tulip\/notes\.txt/);
    expect(words).toMatch(/rose\s+4\s+1\s+tulip\s+4\s+1/);
    const card = own.getByRole('article').filter({ hasText: 'flowers' });
    await card.getByText("this project's").waitFor();
    // Beside the system's GLib, which Electron has loaded, that of libvips ends the program now and then.
    expect((await readFile(`/proc/${shell.pid}/maps`, 'utf8')).includes('libvips')).toBe(name === 'Chromium');
    const drawn = Array.from({ length: 5 }, (_, number) => [...drawPicture(number)]);
    expect(drawn).toContainEqual(await drawnPixels(card, 'rose'));
    // Electron tells where the folder lies; a browser does not, so its files are brought to the server.
    const source = await card.locator('.path').first().innerText();
    if (name === 'Electron') expect(source).toBe(flowers);
    else expect(path.basename(path.dirname(source))).toBe('uploads');
    expect(await faultsOf(page, `data-place-${name}`)).toEqual([]);
    await deleteAfterQuestion(card.getByRole('button', { name: /delete/i }));
    await card.waitFor({ state: 'detached' });
    if (name === 'Chromium') await expect(readdir(source)).rejects.toThrow('ENOENT');
    expect(await readdir(flowers)).toEqual(['rose', 'tulip']);
  });

  it.runIf(isHere)('refuses what is no data with a sentence', async () => {
    const { page } = shell;
    const file = path.join(folder, 'song.mp3');
    await writeFile(file, 'la');
    await dropFiles(page, page.getByRole('heading', { name: 'Your own data' }), [file]);
    const notice = page.getByRole('contentinfo').getByText('is not in a supported format');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('.csv, .tsv or .npz');
  });
});

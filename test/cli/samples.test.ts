import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../../core/project/project.ts';
import { small, smallConditional } from '../small-generator.ts';
import { printed, run, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome('file');
const ids: Record<string, string> = {};

beforeAll(async () => {
  for (const project of [small, smallConditional]) ids[project.name] = await trained(project);
});

/** Ten iterations. */
async function trained(project: Project): Promise<string> {
  const file = path.join(temporaryFolder(), `${project.name}.json`);
  await writeFile(file, JSON.stringify(project));
  const settings = ['--set', 'recipe.iterations=10', '--set', 'recipe.epochs=1'];
  return (await trainToEnd('train', file, '--threads', '1', '--json', ...settings)).run;
}

async function made(name: string, file: string, ...words: readonly string[]) {
  const out = path.join(temporaryFolder(), file);
  const ended = await run('samples', ids[name]!, '--out', out, '--json', ...words);
  expect(ended.code, ended.stderr).toBe(0);
  return { told: printed(ended).at(-1)!, content: await readFile(out) };
}

/** Pixels of the images of 28 × 28 in a picture that draws each doubled, with gaps of two. */
function imagesIn(content: Buffer, columns: number, rows: number): readonly string[] {
  const { width, height, data, channels } = decode(content);
  expect([width, height]).toEqual([columns * 58 + 2, rows * 58 + 2]);
  return Array.from({ length: rows * columns }, (_, index) => {
    const [left, top] = [2 + (index % columns) * 58, 2 + Math.floor(index / columns) * 58];
    const pixels = Array.from({ length: 784 }, (_, pixel) => {
      const [x, y] = [left + 2 * (pixel % 28), top + 2 * Math.floor(pixel / 28)];
      return data[(y * width + x) * channels];
    });
    return pixels.join(',');
  });
}

describe('torchwright samples', () => {
  it('draws a fresh batch, the same from the same seed', async () => {
    const first = await made('small-generator', 'a.png', '--count', '12', '--seed', '5');
    expect(first.told).toMatchObject({ event: 'samples', seed: 5, images: 12, frames: 1, epoch: 1 });
    const images = imagesIn(first.content, 10, 2);
    expect(new Set(images.slice(0, 12)).size).toBe(12);
    expect((await made('small-generator', 'b.png', '--count', '12', '--seed', '5')).content).toEqual(first.content);
    const other = await made('small-generator', 'c.png', '--count', '12', '--seed', '6');
    expect(imagesIn(other.content, 10, 2)[0]).not.toBe(images[0]);
  });

  it('draws a row of each class where the generator knows them, or the one that is asked for', async () => {
    const all = await made('small-conditional', 'all.png', '--count', '3', '--seed', '5');
    const rows = imagesIn(all.content, 3, 10);
    expect(new Set(rows).size).toBe(30);
    const sevens = await made('small-conditional', 'sevens.png', '--count', '3', '--seed', '5', '--class', '7');
    expect(imagesIn(sevens.content, 3, 1)).toEqual(rows.slice(21, 24));
  });

  it('walks from one noise to another: its ends are what each seed makes', async () => {
    const walk = ['--count', '2', '--seed', '5', '--walk-to', '9', '--frames', '4'];
    const { told, content } = await made('small-generator', 'walk.gif', ...walk);
    expect(told).toMatchObject({ images: 2, frames: 4 });
    expect(content.subarray(0, 6).toString('latin1')).toBe('GIF89a');
    // Four there and the two between back again: a graphic control extension each.
    expect(content.toString('latin1').split('\x21\xf9\x04').length - 1).toBe(6);
  });

  it.each([
    { words: ['--out', 'a.gif'], sentence: 'a batch is written as .png' },
    { words: ['--out', 'a.png', '--walk-to', '2'], sentence: 'is written as .gif' },
    { words: ['--out', 'a.png', '--class', '3'], sentence: 'not conditional' },
  ])('refuses $words', async ({ words, sentence }) => {
    const ended = await run('samples', ids['small-generator']!, ...words);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(sentence);
  });

  it('refuses a class that the data does not have', async () => {
    const ended = await run('samples', ids['small-conditional']!, '--out', 'a.png', '--class', '10');
    expect(ended.stderr).toContain('There is no class 10');
  });
});

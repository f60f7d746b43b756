import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointIndex, run, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome('file');

const before = process.env['TORCHWRIGHT_CACHE'];
let pictures: string;
let trained: string;

/** Two classes of grey pictures that one weight tells apart; some lie in the other class's folder, to be got wrong. */
beforeAll(async () => {
  process.env['TORCHWRIGHT_CACHE'] = path.join(temporaryFolder(), 'cache');
  pictures = path.join(temporaryFolder(), 'pictures');
  for (const [label, name] of ['dark', 'light'].entries()) {
    for (const part of ['train', 'test']) {
      await mkdir(path.join(pictures, part, name), { recursive: true });
      for (let file = 0; file < 8; file++) {
        const value = (part === 'test' && file === 0 ? 1 - label : label) * 200 + file;
        const png = encode({ width: 4, height: 4, channels: 1, data: new Uint8Array(16).fill(value) });
        await writeFile(path.join(pictures, part, name, `${name}-${file}.png`), png);
      }
    }
  }
  const network = ['--set', 'networks.main.children[1].options.out_features=2', '--set', 'recipe.batchSize=4'];
  trained = (
    await trainToEnd('train', 'mnist-logit', '--data', pictures, '--threads', '1', '--epochs', '5', ...network)
  ).run;
});
afterAll(() => {
  if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
  else process.env['TORCHWRIGHT_CACHE'] = before;
});

it('the tables of mistakes and of samples name the file of each picture', async () => {
  const [out, folder] = [path.join(temporaryFolder(), 'wrong.csv'), path.join(temporaryFolder(), 'tables')];
  expect((await run('mismatches', trained, '--out', out)).code).toBe(0);
  const rows = parse<{ file: string }>(await readFile(out), { columns: true });
  expect(rows.map(({ file }) => file).sort()).toEqual(
    ['dark/dark-0.png', 'light/light-0.png'].map((name) => path.join(pictures, 'test', name)),
  );
  expect((await run('evaluate', trained, '--csv', folder)).code).toBe(0);
  const samples = parse<Record<string, string>>(await readFile(path.join(folder, 'samples.csv')), { columns: true });
  expect(samples).toHaveLength(16);
  for (const sample of samples) expect(path.basename(path.dirname(sample['file']!))).toBe(sample['true class']);
});

it('predict refuses a pipe instead of waiting for it, and what import does not read', async () => {
  const [pipe, svg] = [path.join(temporaryFolder(), 'pipe.png'), path.join(temporaryFolder(), 'drawn.svg')];
  execFileSync('mkfifo', [pipe]);
  await writeFile(
    svg,
    '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>',
  );
  for (const file of [pipe, svg]) expect((await run('predict', trained, file)).code).toBe(2);
});

it('floats of 0 to 1 in the place of a recipe’s bytes are scaled by what they are', async () => {
  const source = path.join(import.meta.dirname, '../cases/npy-float-0-1');
  const words = ['--threads', '1', '--epochs', '5', '--set', 'recipe.batchSize=8'];
  const network = ['--set', 'networks.main.children[1].options.out_features=4'];
  const { run: of } = await trainToEnd('train', 'mnist-logit', '--data', source, ...words, ...network);
  expect((await checkpointIndex(of)).best?.testAccuracy).toBe(1);
});

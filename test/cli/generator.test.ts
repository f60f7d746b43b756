import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, expect, it } from 'vitest';
import { small } from '../small-generator.ts';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';
import {
  homeFolder,
  lastWeights,
  printed,
  run,
  start,
  temporaryFolder,
  trainToEnd,
  useTemporaryHome,
} from './command.ts';

const home = useTemporaryHome();

/** Of an epoch. */
const iterations = 100;

async function words(...more: readonly string[]): Promise<string[]> {
  const file = path.join(temporaryFolder(), 'small-generator.json');
  await writeFile(file, JSON.stringify(small));
  return ['train', file, '--threads', '1', '--json', '--set', `recipe.iterations=${iterations}`, ...more];
}

interface Made {
  readonly weights: Buffer;
  readonly pictures: Readonly<Record<string, Buffer>>;
}

async function madeBy(runId: string): Promise<Made> {
  const folder = path.join(homeFolder(), 'runs', runId, 'pictures');
  const names = (await readdir(folder)).toSorted();
  const contents = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  const pictures = Object.fromEntries(names.map((name, index) => [name, contents[index]!]));
  return { weights: await lastWeights(runId), pictures };
}

/** The same training, never interrupted. */
let whole: Made;
beforeAll(async () => {
  await home.make();
  whole = await madeBy((await trainToEnd(...(await words()))).run);
  await home.remove();
});

it('a generator leaves a grid of images after each epoch and an animation of them', () => {
  expect(Object.keys(whole.pictures)).toEqual(['epoch-0001.png', 'epoch-0002.png', 'epochs.gif']);
  const [first, second] = ['epoch-0001.png', 'epoch-0002.png'].map((name) => decode(whole.pictures[name]!));
  // Ten images of 28 × 28 in each direction, doubled, with gaps of two.
  expect([second!.width, second!.height, second!.channels]).toEqual([582, 582, 3]);
  expect(second!.data).not.toEqual(first!.data);
  const gif = whole.pictures['epochs.gif']!;
  expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  expect([gif.readUInt16LE(6), gif.readUInt16LE(8), gif.at(-1)]).toEqual([582, 582, 0x3b]);
});

it('tells the losses of both networks, and no accuracy', async () => {
  const ended = await run(...(await words('--set', 'recipe.iterations=2')));
  expect(ended.code).toBe(0);
  const events = printed(ended);
  const epochs = events.filter((event) => event.event === 'epochFinished');
  expect(epochs.length).toBe(2);
  for (const { train, test } of epochs) {
    for (const figures of [train, test]) {
      expect(figures.loss).toBeGreaterThan(0);
      expect(figures.generatorLoss).toBeGreaterThan(0);
      expect(figures.accuracy).toBeNull();
    }
  }
  const shown = await run('runs', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ epochsDone: 2, testAccuracy: null, bestTestAccuracy: null });
});

it('goes on after Ctrl+C in mid-epoch to the same weights and the same pictures', async () => {
  await holdTrainings(iterations + 50);
  const training = start(...(await words()));
  const met = await training.event((event) => event.event === 'step' && event.epoch === 2 && event.step === 50);
  if (met.event !== 'step') throw new Error('no step');
  training.child.kill('SIGINT');
  expect((await training.ended).code).toBe(130);
  expect(Object.keys((await madeBy(met.run)).pictures)).toEqual(['epoch-0001.png']);
  await releaseTrainings();
  await trainToEnd('resume', met.run);
  expect(await madeBy(met.run)).toEqual(whole);
});

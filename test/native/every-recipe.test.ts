import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Project } from '../../core/project/project.ts';
import type { TrainingEvent } from '../../core/training/events.ts';
import { formatNpyHeader } from '../../main/datasets/import/npy-header.ts';
import { predictionsOfRun } from '../../main/evaluation/predictions-of-run.ts';
import { samplesOfRun } from '../../main/generation/samples-of-run.ts';
import { listRecipes } from '../../main/projects/open-project.ts';
import { RunIndex } from '../../main/runs/run-index.ts';
import type { RunRow } from '../../main/runs/run-index.ts';
import { findRun } from '../../main/runs/runs.ts';
import { resumeTraining, startTraining } from '../../main/training/train-project.ts';
import { temporaryFolder } from './baseline.ts';
import { inputShapes, writeExcerpt } from './excerpts.ts';
import type { Source } from './excerpts.ts';
import { readRecipe } from './plans.ts';

const folder = temporaryFolder();
let index: RunIndex;

/** So many of the first training images hold every class, of either source. */
const images = 32;
/** What is judged: the first images; what slow networks are trained on: one of every class. */
const fewImages = 10;

beforeAll(async () => {
  vi.stubEnv('TORCHWRIGHT_HOME', path.join(folder(), 'home'));
  vi.stubEnv('TORCHWRIGHT_CACHE', path.join(folder(), 'cache'));
  for (const source of ['mnist', 'cifar10'] as const) {
    const excerpt = await excerptOf(source);
    await writeArrays(arraysFolder(source, 'all'), source, excerpt);
    await writeArrays(arraysFolder(source, 'few'), source, onePerClass(excerpt));
  }
  index = await RunIndex.open();
});
afterAll(() => {
  index.close();
  vi.unstubAllEnvs();
});

test.each(await listRecipes())('%s trains, is stopped, goes on from its checkpoint, and is judged', async (name) => {
  const project = shortened(await readRecipe(name));
  const { epochs } = project.recipe;
  const settings = { device: 'cpu', threads: 1 };
  const first: TrainingEvent[] = [];
  const training = await startTraining(index, project, settings, {
    onEvent: (event) => {
      first.push(event);
      if (event.event === 'epochFinished' && event.epoch === 1) training.stop();
    },
  });
  expect(await training.result).toBe('interrupted');

  const second: TrainingEvent[] = [];
  const resumed = await resumeTraining(
    index,
    await rowOf(training.run),
    {},
    { onEvent: (event) => second.push(event) },
  );
  expect(await resumed.result).toBe('finished');
  const stop = first.find((event) => event.event === 'runInterrupted')!;
  expect(second[0]).toMatchObject({ event: 'runStarted', fromEpoch: stop.epoch - 1, fromStep: stop.step });
  const finished = [...first, ...second].filter((event) => event.event === 'epochFinished');
  expect(finished.map(({ epoch }) => epoch)).toEqual(Array.from({ length: epochs }, (_, at) => at + 1));
  for (const { train } of finished) expect(train.loss).toBeLessThan(Infinity);

  const last = finished.at(-1)!;
  if (project.recipe.kind === 'adversarial') await expectSamples(await rowOf(training.run));
  else await expectPredictions(await rowOf(training.run), (last.averaged ?? last.test).accuracy!);
});

function arraysFolder(source: Source, amount: 'all' | 'few'): string {
  return path.join(folder(), 'arrays', amount, source);
}

/** The recipe on few images, so long that it can be met in its middle. */
function shortened(project: Project): Project {
  const slow = isSlow(project);
  const { source } = project.data;
  const own = arraysFolder(source as Source, slow ? 'few' : 'all');
  const data = source === 'spirals' ? project.data : { ...project.data, source: own };
  const recipe = { ...project.recipe, epochs: slow ? 2 : 40, batchSize: (slow ? fewImages : images) / 2 };
  return { ...project, data, recipe };
}

/** Whether an epoch lasts long enough to be stopped in the second. */
function isSlow({ name }: Project): boolean {
  return /resnet|simpnet|gan|lbfgs|cifar10-fast/.test(name);
}

async function rowOf(run: string): Promise<RunRow> {
  return findRun(index, run);
}

async function expectPredictions(run: RunRow, accuracy: number): Promise<void> {
  const { predictions } = await predictionsOfRun(run, { checkpoint: 'last' });
  if (predictions.targets !== null) throw new Error('these are classes');
  const { labels, probabilities } = predictions;
  const classes = probabilities.length / labels.length;
  const isRight = (label: number, sample: number): boolean => {
    const predicted = probabilities.subarray(sample * classes, (sample + 1) * classes);
    return predicted.indexOf(Math.max(...predicted)) === label;
  };
  expect(labels.filter(isRight).length / labels.length).toBeCloseTo(accuracy, 6);
}

async function expectSamples(run: RunRow): Promise<void> {
  const made = await samplesOfRun(run, { seed: 1, count: 2 }, {});
  expect(made.imageShape).toEqual([1, 28, 28]);
  expect(new Set(made.pixels).size).toBeGreaterThan(10);
}

/** As NumPy's arrays: these for training, their first for testing as well. */
async function writeArrays(own: string, source: Source, { pixels, labels }: Excerpt): Promise<void> {
  await mkdir(own, { recursive: true });
  for (const [part, count] of [['train', labels.length] as const, ['test', fewImages] as const]) {
    const shape = [count, ...inputShapes[source]];
    await writeFile(
      path.join(own, `${part}_images.npy`),
      Buffer.concat([formatNpyHeader('|u1', shape), pixels.subarray(0, (count * pixels.length) / labels.length)]),
    );
    await writeFile(
      path.join(own, `${part}_labels.npy`),
      Buffer.concat([formatNpyHeader('|u1', [count]), labels.subarray(0, count)]),
    );
  }
}

interface Excerpt {
  readonly pixels: Buffer;
  readonly labels: Buffer;
}

function onePerClass({ pixels, labels }: Excerpt): Excerpt {
  const each = pixels.length / labels.length;
  const chosen = Array.from({ length: fewImages }, (_, label) => labels.indexOf(label));
  return {
    pixels: Buffer.concat(chosen.map((at) => pixels.subarray(at * each, (at + 1) * each))),
    labels: Buffer.from(chosen.map((at) => labels[at]!)),
  };
}

async function excerptOf(source: Source): Promise<Excerpt> {
  const files = await writeExcerpt(source, images, folder());
  if (files.format === 'idx') {
    const [pixels, labels] = [await readFile(files.images), await readFile(files.labels)];
    return { pixels: pixels.subarray(16), labels: labels.subarray(8) };
  }
  if (files.format !== 'cifar10') throw new Error(`no excerpt is ${files.format}`);
  const records = await readFile(files.files[0]!);
  const each = records.length / images;
  const parts = Array.from({ length: images }, (_, image) => records.subarray(image * each, (image + 1) * each));
  return {
    pixels: Buffer.concat(parts.map((part) => part.subarray(1))),
    labels: Buffer.from(parts.map((part) => part[0]!)),
  };
}

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { SupervisedRecipe } from '../../core/project/project.ts';
import { lossSmoothing, standardSweep, sweepRates } from '../../core/training/rate-finder.ts';
import type { EngineSession } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import type { Source } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();

const learningRates = new Float64Array(6).fill(0.01);
const sweep = { learningRates: sweepRates({ ...standardSweep, steps: 20 }), smoothing: lossSmoothing, cutOff: 4 };

/** Dropout, LAMB; momentum, running statistics, crops and flips; both kinds of averages: everything with a state. */
const cases: readonly Case[] = [
  { recipe: 'mnist-conv', source: 'mnist', samples: 120, batchSize: 20 },
  { recipe: 'lesson-convbn', source: 'cifar10', samples: 48, batchSize: 8, averaging: { kind: 'ema', decay: 0.9 } },
];

interface Case {
  readonly recipe: string;
  readonly source: Source;
  readonly samples: number;
  readonly batchSize: number;
  readonly averaging?: NonNullable<SupervisedRecipe['averaging']>;
}

test.each(cases)('$recipe: training after the search gives the same bytes as without it', async (of) => {
  const plain = await open(of);
  const searched = await open(of);
  const fresh = await searched.findRate(sweep);
  expect(fresh.losses.length).toBeGreaterThan(6);
  await trainEpoch(plain, 4);
  await trainEpoch(searched, 4);
  // In the middle of an epoch too, with momentum and a permutation under way.
  const paused = await searched.findRate(sweep);
  expect(paused.losses).not.toEqual(fresh.losses);
  for (const session of [plain, searched]) {
    await trainEpoch(session);
    await trainEpoch(session);
  }
  const files = await checkpointOf(plain);
  expect(files).toHaveLength(of.averaging === undefined ? 2 : 3);
  expect(await checkpointOf(searched)).toEqual(files);
});

test('the smoothed loss is the bias-corrected exponential mean, and the loss is that of before the step', async () => {
  const session = await open(cases[0]!);
  const { losses, smoothed } = await session.findRate(sweep);
  let mean = 0;
  for (const [step, loss] of losses.entries()) {
    mean = lossSmoothing * mean + (1 - lossSmoothing) * loss;
    expect(smoothed[step]).toBeCloseTo(mean / (1 - lossSmoothing ** (step + 1)), 10);
  }
  const { batchLosses } = await session.train({ learningRates, maxSteps: 1 });
  expect(losses[0]).toBe(batchLosses[0]);
  await session.close();
});

test('it ends at the cut-off, at a loss that is no number, and when it is interrupted', async () => {
  const session = await open(cases[0]!);
  const rising = Float64Array.from({ length: 60 }, (_, step) => 1e-3 * 1.5 ** step);
  const cut = await session.findRate({ learningRates: rising, smoothing: 0, cutOff: 1.5 });
  expect(cut.state).toBe('cutOff');
  const least = Math.min(...cut.losses);
  expect(cut.losses.at(-1)).toBeGreaterThan(1.5 * least);
  expect(cut.losses.slice(0, -1).every((loss, step) => loss <= 1.5 * Math.min(...cut.losses.slice(0, step + 1)))).toBe(
    true,
  );

  const huge = new Float64Array(200).fill(1e30);
  expect((await session.findRate({ learningRates: huge, smoothing: 0, cutOff: Infinity })).state).toBe('diverged');

  const endless = { learningRates: new Float64Array(1e6).fill(1e-6), smoothing: 0.98, cutOff: Infinity };
  // Told again it would end the training that follows.
  let isTold = false;
  const stopped = await session.findRate(endless, () => {
    if (!isTold) session.interrupt();
    isTold = true;
  });
  expect(stopped.state).toBe('interrupted');
  expect((await session.train({ learningRates })).state).toBe('finished');
  await session.close();
});

async function open({ recipe, source, samples, batchSize, averaging }: Case): Promise<EngineSession> {
  const parsed = await readRecipe(recipe);
  const before = parsed.recipe as SupervisedRecipe;
  const changed = { ...before, batchSize, ...(averaging === undefined ? {} : { averaging }) };
  const split = await writeExcerpt(source, samples, folder());
  const plan = planOn({ ...parsed, recipe: changed }, { source, split }, { seed: 7, shuffle: true });
  return addon.createSession(JSON.stringify(plan));
}

async function trainEpoch(session: EngineSession, maxSteps?: number): Promise<void> {
  const { state } = await session.train({ learningRates, ...(maxSteps === undefined ? {} : { maxSteps }) });
  expect(state).toBe(maxSteps === undefined ? 'finished' : 'paused');
}

let checkpoints = 0;

/** Weights, and all that training changes beside them. */
async function checkpointOf(session: EngineSession): Promise<readonly Buffer[]> {
  const directory = path.join(folder(), `checkpoint-${++checkpoints}`);
  await session.saveCheckpoint(directory, '');
  await session.close();
  // The average lies beside them, where there is one.
  const names = (await readdir(directory)).sort();
  return Promise.all(names.map((name) => readFile(path.join(directory, name))));
}

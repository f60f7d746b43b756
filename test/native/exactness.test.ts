import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Optimizer } from '../../core/project/project.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession, TrainOutcome } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import type { Source } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();

/** Dropout, LAMB and SGD with momentum, running statistics, crops and flips: everything that has a state. */
const cases: readonly Case[] = [
  { recipe: 'mnist-conv', source: 'mnist', samples: 120, batchSize: 20 },
  { recipe: 'lesson-convbn', source: 'cifar10', samples: 48, batchSize: 8 },
  { recipe: 'mnist-simpnet', source: 'mnist', samples: 24, batchSize: 4 },
  optimized({ type: 'LBFGS', maxIter: 3, historySize: 5, lineSearch: 'strong_wolfe' }),
  optimized({ type: 'Muon' }),
  optimized({
    type: 'Muon',
    normaliseWeights: true,
    others: 'SGD',
    othersNesterov: true,
    groups: [{ modules: ['11'], byMuon: false }],
  }),
  optimized({ type: 'RMSprop', momentum: 0.9, centered: true }),
  optimized({ type: 'Adagrad', initialAccumulatorValue: 0.1, lrDecay: 0.01 }),
  optimized({ type: 'AdamW', amsgrad: true, decayOnlyWeights: true }),
];

interface Case {
  readonly recipe: string;
  readonly source: Source;
  readonly samples: number;
  readonly batchSize: number;
  /** In the place of the recipe's own. */
  readonly optimizer?: Optimizer;
}

function optimized(optimizer: Optimizer): Case {
  return { recipe: 'tutorial-lenet', source: 'cifar10', samples: 24, batchSize: 4, optimizer };
}

const steps = 6;

test.each(cases)('$recipe $optimizer.type: the same seed gives the same weights to the last bit', async (of) => {
  const plan = await planOf(of, 7);
  const [first, losses] = await trainTwoEpochs(await open(plan));
  const [second, sameLosses] = await trainTwoEpochs(await open(plan));
  expect(second.equals(first)).toBe(true);
  expect(sameLosses).toEqual(losses);
  const [other] = await trainTwoEpochs(await open(await planOf(of, 8)));
  expect(other.equals(first)).toBe(false);
});

test.each(cases)(
  '$recipe $optimizer.type: from a checkpoint within an epoch it goes on to the last bit',
  async (of) => {
    const plan = await planOf(of, 7);
    const [uninterrupted, losses] = await trainTwoEpochs(await open(plan));

    const broken = await open(plan);
    expect((await broken.train({ learningRates, maxSteps: 4 })).state).toBe('paused');
    const checkpoint = path.join(folder(), `checkpoint-${cases.indexOf(of)}`);
    await broken.saveCheckpoint(checkpoint, 'whatever is written beside it');
    // Saving is no part of training: the one that saved ends the same.
    const [saved] = await trainTwoEpochs(broken);
    expect(saved.equals(uninterrupted)).toBe(true);

    // Another seed shows that nothing is left of the new session's own generators.
    const resumed = await open({ ...plan, seed: 99 });
    expect(await resumed.loadCheckpoint(checkpoint)).toBe('whatever is written beside it');
    const [resumedWeights, resumedLosses] = await trainTwoEpochs(resumed);
    expect(resumedWeights.equals(uninterrupted)).toBe(true);
    expect(resumedLosses).toEqual(losses);
  },
);

const learningRates = new Float64Array(steps).fill(0.01);

async function planOf({ recipe, source, samples, batchSize, optimizer }: Case, seed: number): Promise<Plan> {
  const parsed = await readRecipe(recipe);
  const project = {
    ...parsed,
    recipe: { ...parsed.recipe, batchSize, ...(optimizer && { optimizer }) },
  };
  const split = await writeExcerpt(source satisfies Source, samples, folder());
  return planOn(project, { source, split }, { seed, shuffle: true });
}

function open(plan: Plan): Promise<EngineSession> {
  return addon.createSession(JSON.stringify(plan));
}

/** To the end of the second epoch: the weights as they lie in the file, and the losses of the epochs' batches. */
async function trainTwoEpochs(session: EngineSession): Promise<[Buffer, readonly Float32Array[]]> {
  const outcomes: TrainOutcome[] = [];
  for (let epoch = 0; epoch < 2; ++epoch) outcomes.push(await session.train({ learningRates }));
  expect(outcomes.map(({ state }) => state)).toEqual(['finished', 'finished']);
  const file = path.join(folder(), 'weights.safetensors');
  await session.saveWeights(file);
  await session.close();
  return [await readFile(file), outcomes.map(({ batchLosses }) => batchLosses)];
}

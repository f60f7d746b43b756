import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ParameterGroup, Schedule } from '../../core/project/project.ts';
import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import { groupRatesOfEpoch, untrainedGroups } from '../../core/training/group-rates.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession, TrainOutcome } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { small } from '../small-generator.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';
import { readSafetensors } from './safetensors.ts';

const folder = temporaryFolder();
const addon = loadAddon();
const span = { epochs: 3, stepsPerEpoch: 6 };
const schedule: Schedule = { type: 'Linear', rate: 0.05, end: 0 };

/** A convolution, its batch norm and more of both. */
async function planWith(groups: readonly ParameterGroup[]): Promise<Plan> {
  const recipe = await readRecipe('lesson-convbn');
  const optimizer = { type: 'SGD', momentum: 0.9, weightDecay: 0.01, groups } as const;
  const project = { ...recipe, recipe: { ...recipe.recipe, batchSize: 4, optimizer } };
  const split = await writeExcerpt('cifar10', 24, folder());
  return planOn(project, { source: 'cifar10', split }, { seed: 7, shuffle: true });
}

function open(plan: Plan): Promise<EngineSession> {
  return addon.createSession(JSON.stringify(plan));
}

/** As the training loop does. */
function trainEpoch(session: EngineSession, plan: Plan, epoch: number, maxSteps?: number): Promise<TrainOutcome> {
  const { optimizer } = plan.training;
  return session.train({
    learningRates: ratesOfEpoch(schedule, epoch, span),
    groupRates: groupRatesOfEpoch(optimizer, schedule, epoch, span),
    ...(maxSteps === undefined ? {} : { maxSteps }),
  });
}

async function weightsOf(session: EngineSession): Promise<ReadonlyMap<string, string>> {
  const file = path.join(folder(), 'weights.safetensors');
  await session.saveWeights(file);
  const tensors = await readSafetensors(file);
  return new Map([...tensors].map(([name, { data }]) => [name, Buffer.from(data.buffer).toString('base64')]));
}

const first = '0.weight';

test('a group stays as it is after its last epoch: no step, no decay; the rest goes on', async () => {
  const plan = await planWith([{ modules: ['0'], kinds: ['weight'], untilEpoch: 1 }]);
  const session = await open(plan);
  const weights = [await weightsOf(session)];
  for (const epoch of [0, 1, 2]) {
    await trainEpoch(session, plan, epoch);
    weights.push(await weightsOf(session));
  }
  const [before, ...after] = weights.map((all) => all.get(first));
  expect(after[0]).not.toBe(before);
  expect(after[1]).toBe(after[0]);
  expect(after[2]).toBe(after[0]);
  const others = [...weights[0]!.keys()].filter((name) => name.endsWith('weight') && name !== first);
  expect(others).not.toEqual([]);
  for (const name of others) expect(weights[3]!.get(name), name).not.toBe(weights[1]!.get(name));
  await session.close();
});

test('a group of no epochs is never trained, and has no part in the norm of the gradients', async () => {
  const [all, none] = [await planWith([]), await planWith([{ kinds: ['weight', 'norm'], untilEpoch: 0 }])];
  const norms = new Array<number>();
  for (const plan of [all, none]) {
    const session = await open(plan);
    const before = await weightsOf(session);
    const { gradientNorm = NaN } = await trainEpoch(session, plan, 0, 1);
    norms.push(gradientNorm);
    const isSame = (await weightsOf(session)).get(first) === before.get(first);
    expect(isSame).toBe(plan === none);
    await session.close();
  }
  expect(norms[1]).toBeGreaterThan(0);
  expect(norms[1]).toBeLessThan(norms[0]!);
});

test('a sweep over learning rates leaves such a group as it is', async () => {
  const plan = await planWith([{ kinds: ['weight', 'bias', 'norm'], untilEpoch: 0 }]);
  const session = await open(plan);
  const request = { learningRates: new Float64Array(6).fill(10), smoothing: 0, cutOff: Infinity };
  const moving = await session.findRate(request);
  // Ten times a gradient throws a loss of ln 10 far up; without a step it stays about there.
  const still = await session.findRate({ ...request, groupRates: untrainedGroups(plan.training.optimizer, 0) });
  expect(still.losses[0]).toBe(moving.losses[0]);
  expect(Math.max(...still.losses)).toBeLessThan(5);
  expect(moving.losses.every((loss) => loss < 5)).toBe(false);
  await session.close();
});

test('where all groups have ended, the training goes on and changes nothing', async () => {
  const plan = await planWith([{ kinds: ['weight', 'bias', 'norm'], untilEpoch: 1 }]);
  const session = await open(plan);
  await trainEpoch(session, plan, 0);
  const before = await weightsOf(session);
  expect(await trainEpoch(session, plan, 1)).toMatchObject({ state: 'finished', step: 6 });
  const after = await weightsOf(session);
  for (const { name } of session.describe().parameters) expect(after.get(name), name).toBe(before.get(name));
  await session.close();
});

test('a schedule of its own is what the same rates for everything are', async () => {
  const everything = { kinds: ['weight', 'bias', 'norm'] } as const;
  const groups = [{ ...everything, learningRateFactor: 0.5, untilEpoch: 2, wholeSchedule: true }];
  const plan = await planWith(groups);
  const own = await open(plan);
  await trainEpoch(own, plan, 0);
  const same = await open(await planWith([]));
  const rates = ratesOfEpoch(schedule, 0, { ...span, epochs: 2 });
  await same.train({ learningRates: rates.map((rate) => rate / 2) });
  expect(await weightsOf(own)).toEqual(await weightsOf(same));
  await own.close();
  await same.close();
});

test('a checkpoint within an epoch goes on to the last bit with groups that have ended', async () => {
  const plan = await planWith([
    { modules: ['0'], kinds: ['weight'], untilEpoch: 0 },
    { kinds: ['bias'], untilEpoch: 2, wholeSchedule: true },
  ]);
  const whole = await open(plan);
  for (const epoch of [0, 1, 2]) await trainEpoch(whole, plan, epoch);
  for (const broken of [1, 2]) {
    const session = await open(plan);
    for (let epoch = 0; epoch < broken; ++epoch) await trainEpoch(session, plan, epoch);
    await trainEpoch(session, plan, broken, 3);
    const checkpoint = path.join(folder(), `checkpoint-${broken}`);
    await session.saveCheckpoint(checkpoint, '');
    await session.close();
    const resumed = await open({ ...plan, seed: 99 });
    await resumed.loadCheckpoint(checkpoint);
    for (let epoch = broken; epoch < 3; ++epoch) await trainEpoch(resumed, plan, epoch);
    const [expected, found] = [path.join(folder(), 'whole'), path.join(folder(), `resumed-${broken}`)];
    await whole.saveCheckpoint(`${expected}-${broken}`, '');
    await resumed.saveCheckpoint(found, '');
    for (const file of ['model.safetensors', 'state.safetensors']) {
      const [a, b] = [path.join(`${expected}-${broken}`, file), path.join(found, file)];
      expect((await readFile(b)).equals(await readFile(a)), file).toBe(true);
    }
    await resumed.close();
  }
  await whole.close();
});

test('each of two networks has groups of its own', async () => {
  const groups = [{ kinds: ['weight', 'bias'], untilEpoch: 0 }] as const;
  const recipe = {
    ...small.recipe,
    optimizer: { type: 'SGD' },
    discriminatorOptimizer: { type: 'SGD', groups },
  } as const;
  const split = await writeExcerpt('mnist', 20, folder());
  const plan = planOn({ ...small, recipe }, { source: 'mnist', split }, { seed: 3, shuffle: true });
  const session = await open(plan);
  const saved = async (name: string) => {
    const file = path.join(folder(), name);
    await session.saveDiscriminator(file);
    return { generator: await weightsOf(session), discriminator: await readFile(file) };
  };
  const before = await saved('before');
  const learningRates = new Float64Array(session.describe().stepsPerEpoch).fill(0.1);
  const discriminatorGroupRates = groupRatesOfEpoch(plan.adversarial!.optimizer, schedule, 0, span);
  expect(await session.train({ learningRates, discriminatorGroupRates })).toMatchObject({ state: 'finished' });
  const after = await saved('after');
  expect(after.discriminator.equals(before.discriminator)).toBe(true);
  expect(after.generator).not.toEqual(before.generator);
  await session.close();
});

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { elementCount } from '../../core/catalogue/shape.ts';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Project, Schedule, SupervisedRecipe } from '../../core/project/project.ts';
import { averagingOf, lookAheadSharesOf } from '../../core/training/averaging.ts';
import { groupRatesOfEpoch } from '../../core/training/group-rates.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { baselinesFolder, writeExcerpt } from './excerpts.ts';
import { planOn } from './plans.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';
import { filled } from './weights.ts';
import type { Fill } from './weights.ts';

interface Case {
  readonly name: string;
  readonly recipe: Pick<SupervisedRecipe, 'optimizer' | 'averaging'>;
  /** Of all steps of both epochs. */
  readonly rates: readonly number[];
  readonly whitening: readonly number[];
  readonly fills: readonly Fill[];
  readonly losses: readonly number[];
  /** Parameters, then buffers. */
  readonly tensors: readonly {
    readonly shape: readonly number[];
    readonly norm: number;
    readonly every: number;
    readonly elements: readonly number[];
  }[];
}

/** Written by speed_runs.py. */
const baseline = JSON.parse(await readFile(path.join(baselinesFolder, 'speed-runs.json'), 'utf8')) as {
  readonly batchSize: number;
  readonly steps: number;
  readonly epochs: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly network: readonly NetworkNode[];
  readonly cases: readonly Case[];
};
const { batchSize, steps, epochs, mean, std } = baseline;
const span = { epochs, stepsPerEpoch: steps };
const folder = temporaryFolder();
const addon = loadAddon();

/** Muon orthogonalises in bfloat16, where a rounding of the gradient may move a digit of the update. */
const boundOf = ({ recipe }: Case): number => (recipe.optimizer.type === 'Muon' ? 1e-4 : 1e-5);

test.each(baseline.cases)('$name: ten steps as in Python PyTorch', async (expected) => {
  const project = projectOf(expected);
  const plan = await planOf(project);
  const session = await addon.createSession(JSON.stringify(plan));
  expectWhitened(await weightsOf(session), expected);
  await loadStart(session, expected);
  const losses = await trainAll(session, plan, project, expected.rates);
  const bound = boundOf(expected);
  expectClose('losses', losses, expected.losses, bound);
  const averaged = expected.recipe.averaging === undefined ? 'last' : 'averaged';
  const tensors = await weightsOf(session, averaged);
  const { parameters, buffers } = session.describe();
  const names = [...parameters, ...buffers].map(({ name }) => name).filter((name) => !name.endsWith('tracked'));
  expect(names).toHaveLength(expected.tensors.length);
  for (const [ordinal, { norm, every, elements }] of expected.tensors.entries()) {
    const name = names[ordinal]!;
    const data = tensors.get(name)!.data as Float32Array;
    expectClose(`norm of ${name}`, [Math.hypot(...data)], [norm], bound);
    const chosen = data.filter((_, index) => index % every === 0);
    expectClose(name, chosen, elements, bound);
  }
  await session.close();
});

function projectOf({ name, recipe }: Case): Project {
  return {
    format: 'torchwright-project',
    version: 1,
    name,
    networks: { main: { type: 'Sequential', children: baseline.network } },
    data: { source: 'cifar10', normalise: { kind: 'zscore', mean, std } },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy', labelSmoothing: 0.2, reduction: 'sum' },
      schedule: linear(recipe),
      batchSize,
      epochs,
      ...recipe,
    },
  };
}

/** What groups of the second case run through; the first case has its rates in the file. */
function linear({ optimizer }: Case['recipe']): Schedule {
  const rate = baseline.cases.find(({ recipe }) => recipe.optimizer === optimizer)!.rates[0]!;
  return { type: 'Linear', rate, end: 0 };
}

async function planOf(project: Project): Promise<Plan> {
  const split = await writeExcerpt('cifar10', batchSize * steps, folder());
  return planOn(project, { source: 'cifar10', split }, { seed: 1, shuffle: false });
}

async function trainAll(
  session: EngineSession,
  plan: Plan,
  { recipe }: Project,
  rates: readonly number[],
): Promise<readonly number[]> {
  const losses = new Array<number>();
  for (let epoch = 0; epoch < epochs; ++epoch) {
    const lookAheadShares = lookAheadSharesOf(averagingOf(recipe), epoch, span);
    const { state, batchLosses } = await session.train({
      learningRates: Float64Array.from(rates.slice(epoch * steps, (epoch + 1) * steps)),
      groupRates: groupRatesOfEpoch(plan.training.optimizer, recipe.schedule, epoch, span),
      ...(lookAheadShares === null ? {} : { lookAheadShares }),
    });
    expect(state).toBe('finished');
    losses.push(...batchLosses);
  }
  return losses;
}

/** Each filter up to its sign, which nothing decides: the first half holds one of the two, the other its negative. */
function expectWhitened(fresh: ReadonlyMap<string, Tensor>, { whitening }: Case): void {
  const data = fresh.get('0.weight')!.data as Float32Array;
  const values = data.length / 24;
  for (let filter = 0; filter < 12; ++filter) {
    const rows = [filter, filter + 12].map((row) => Array.from(data.slice(row * values, (row + 1) * values)));
    const expected = whitening.slice(filter * values, (filter + 1) * values);
    const isSame = rows[0]!.reduce((sum, value, at) => sum + value * expected[at]!, 0) > 0;
    expectClose(`filter ${filter}`, rows[isSame ? 0 : 1]!, expected, 1e-5);
    expect(rows[1]).toEqual(rows[0]!.map((value) => -value));
  }
}

async function loadStart(session: EngineSession, { fills, whitening }: Case): Promise<void> {
  const { parameters, buffers } = session.describe();
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, { name, shape }] of parameters.entries()) {
    const data =
      name === '0.weight' ? Float32Array.from(whitening) : filled(ordinal, elementCount(shape), fills[ordinal]!);
    tensors.set(name, { shape, data });
  }
  for (const { name, shape } of buffers) {
    const values = new Float32Array(elementCount(shape)).fill(name.endsWith('running_var') ? 1 : 0);
    tensors.set(name, { shape, data: name.endsWith('tracked') ? new BigInt64Array(1) : values });
  }
  const file = path.join(folder(), 'start.safetensors');
  await writeSafetensors(file, tensors);
  await session.loadWeights(file);
}

async function weightsOf(
  session: EngineSession,
  weights: 'averaged' | 'last' = 'last',
): Promise<ReadonlyMap<string, Tensor>> {
  const file = path.join(folder(), 'weights.safetensors');
  await session.saveWeights(file, weights);
  return readSafetensors(file);
}

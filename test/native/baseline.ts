import { elementCount } from '../../core/catalogue/shape.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Project, SupervisedRecipe } from '../../core/project/project.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan } from '../../core/training/plan.ts';
import { withoutDropout } from '../../core/training/without-dropout.ts';
import type { Addon, EngineSession } from '../../main/engine/addon.ts';
import { inputShapes, writeExcerpt } from './excerpts.ts';
import type { Source } from './excerpts.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';
import { filled } from './weights.ts';
import type { Fill } from './weights.ts';

/** What test/baselines/baseline.py writes of one network. */
export interface Baseline {
  readonly source: Source;
  readonly batchSize: number;
  readonly rates: readonly number[];
  readonly accumulate: number;
  readonly forward: { readonly outputs: readonly (readonly number[])[]; readonly loss: number };
  readonly training: { readonly losses: readonly number[]; readonly outputs: readonly (readonly number[])[] };
  readonly parameters: readonly (Elements & {
    readonly forwardFill: Fill;
    readonly trainingFill: Fill;
    readonly change: number;
  })[];
  readonly buffers: readonly Elements[];
  /** How far PyTorch's own float32 and float64 are from each other. */
  readonly float64: { readonly changes: number };
}

interface Elements {
  readonly shape: readonly number[];
  readonly norm: number;
  readonly every: number;
  readonly elements: readonly number[];
}

const forwardBound = 1e-5;
const afterStepsBound = 1e-4;

/** A folder that lives as long as the test file. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'torchwright-native-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

/** The plan of a project under the baseline's conditions: its batches in file order, no augmentation, no dropout. */
export async function planFor(project: Project, baseline: Baseline, folder: string): Promise<Plan> {
  const { source, batchSize, rates, accumulate } = baseline;
  const made = makePlan(
    {
      ...project,
      data: { ...project.data, augment: {} },
      recipe: { ...(project.recipe as SupervisedRecipe), batchSize, accumulate },
    },
    {
      inputShape: inputShapes[source],
      classes: 10,
      train: await writeExcerpt(source, batchSize * accumulate * rates.length, folder),
      test: await writeExcerpt(source, batchSize, folder),
      device: 'cpu',
      // Test files run side by side on few cores.
      threads: 1,
      seed: 1,
      shuffle: false,
    },
  );
  if (!made.ok) throw new Error(made.failures.map(({ message }) => message).join('\n'));
  return { ...made.plan, network: withoutDropout(made.plan.network) };
}

/** Holds the engine to the baseline: forward within 1e-5, everything after the steps within 1e-4. */
export async function holdAgainst(addon: Addon, plan: Plan, baseline: Baseline, folder: string): Promise<void> {
  const session = await addon.createSession(JSON.stringify(plan));
  try {
    await holdForward(session, plan, baseline, folder);
  } finally {
    await session.close();
  }
  // A session of its own: running statistics and the optimizer begin anew.
  const training = await addon.createSession(JSON.stringify(plan));
  try {
    await holdTraining(training, plan, baseline, folder);
  } finally {
    await training.close();
  }
}

async function holdForward(session: EngineSession, plan: Plan, baseline: Baseline, folder: string): Promise<void> {
  expect(session.describe().parameters.map(({ shape }) => shape)).toEqual(
    baseline.parameters.map(({ shape }) => shape),
  );
  await loadFilled(session, baseline, 'forwardFill', folder);
  expectClose('outputs', await outputs(session, plan), baseline.forward.outputs.flat(), forwardBound);
  const { batchLosses } = await session.train({ learningRates: Float64Array.from(baseline.rates), maxSteps: 1 });
  expectClose('loss in training mode', batchLosses.subarray(0, 1), [baseline.forward.loss], forwardBound);
}

async function holdTraining(session: EngineSession, plan: Plan, baseline: Baseline, folder: string): Promise<void> {
  const start = await loadFilled(session, baseline, 'trainingFill', folder);
  const outcome = await session.train({ learningRates: Float64Array.from(baseline.rates) });
  expect(outcome.state).toBe('finished');
  expectClose('losses', outcome.batchLosses, baseline.training.losses, afterStepsBound);
  expectClose('outputs afterwards', await outputs(session, plan), baseline.training.outputs.flat(), afterStepsBound);

  const file = path.join(folder, 'after.safetensors');
  await session.saveWeights(file);
  const after = await readSafetensors(file);
  const { parameters, buffers } = session.describe();
  for (const [ordinal, expected] of baseline.parameters.entries()) {
    const name = parameters[ordinal]?.name ?? '';
    const data = floats(after, name);
    expectElements(name, data, expected);
    // Where the steps were large enough to be seen in float32, what they added is compared by itself.
    if (baseline.float64.changes < 2e-3) {
      const change = norm(data.map((value, index) => value - (floats(start, name)[index] ?? NaN)));
      expectClose(`change of ${name}`, [change], [expected.change], 5e-3);
    }
  }
  const floating = buffers.filter(({ name }) => !name.endsWith('num_batches_tracked'));
  expect(floating).toHaveLength(baseline.buffers.length);
  for (const [ordinal, expected] of baseline.buffers.entries()) {
    const name = floating[ordinal]?.name ?? '';
    expectElements(name, floats(after, name), expected);
  }
  for (const { name } of buffers) {
    if (name.endsWith('num_batches_tracked')) {
      // InstanceNorm has the count too, and PyTorch leaves it alone.
      const counts = !JSON.stringify(plan.network).includes('InstanceNorm');
      expect(after.get(name)?.data[0], name).toBe(BigInt(counts ? baseline.rates.length * baseline.accumulate : 0));
    }
  }
}

async function loadFilled(
  session: EngineSession,
  baseline: Baseline,
  fill: 'forwardFill' | 'trainingFill',
  folder: string,
): Promise<ReadonlyMap<string, Tensor>> {
  const { parameters, buffers } = session.describe();
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, { name, shape }] of parameters.entries()) {
    const how = baseline.parameters[ordinal];
    if (how === undefined) throw new Error(`The baseline has no parameter for ${name}.`);
    tensors.set(name, { shape, data: filled(ordinal, elementCount(shape), how[fill]) });
  }
  for (const { name, shape } of buffers) tensors.set(name, { shape, data: freshBuffer(name, elementCount(shape)) });
  const file = path.join(folder, 'before.safetensors');
  await writeSafetensors(file, tensors);
  await session.loadWeights(file);
  return tensors;
}

/** As PyTorch makes them. */
function freshBuffer(name: string, count: number): Float32Array | BigInt64Array {
  if (name.endsWith('num_batches_tracked')) return new BigInt64Array(count);
  return new Float32Array(count).fill(name.endsWith('running_var') ? 1 : 0);
}

/** Of the first batch: log-probabilities where the network gives scores or log-probabilities, else as they are. */
async function outputs(session: EngineSession, plan: Plan): Promise<Float32Array> {
  const { probabilities } = await session.predict('test');
  const { type } = plan.training.loss;
  return type === 'CrossEntropy' || type === 'NLL' ? probabilities.map(Math.log) : probabilities;
}

function expectElements(name: string, data: Float32Array, expected: Elements): void {
  expectClose(`norm of ${name}`, [norm(data)], [expected.norm], afterStepsBound);
  const chosen = data.filter((_, index) => index % expected.every === 0);
  expect(chosen.length, name).toBe(expected.elements.length);
  expectClose(name, chosen, expected.elements, afterStepsBound);
}

/** Largest difference over the largest value; the first `expected.length` values are compared. */
export function expectClose(what: string, found: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  expect(found.length, what).toBeGreaterThanOrEqual(expected.length);
  let difference = 0;
  let largest = 0;
  for (let index = 0; index < expected.length; ++index) {
    const [a, b] = [found[index] ?? NaN, expected[index] ?? NaN];
    difference = Math.max(difference, Number.isFinite(a) ? Math.abs(a - b) : Infinity);
    largest = Math.max(largest, Math.abs(b));
  }
  if (difference === 0) return;
  expect(difference / largest, `relative error of ${what}`).toBeLessThan(bound);
}

function floats(tensors: ReadonlyMap<string, Tensor>, name: string): Float32Array {
  const data = tensors.get(name)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`${name} is missing or holds no float32 numbers.`);
  return data;
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

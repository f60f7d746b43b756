import { afterEach, describe, expect, test } from 'vitest';
import type { Loss, SupervisedRecipe } from '../../core/project/project.ts';
import type { Plan } from '../../core/training/plan.ts';
import { planLoss } from '../../core/training/plan-loss.ts';
import type { EngineSession } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();
const samples = 30;
const classWeights = [1, 19, 1, 1, 5, 1, 0, 1, 0.5, 1];

let session: EngineSession | undefined;
afterEach(async () => session?.close());

async function planWith(loss: Loss, sizes: Partial<SupervisedRecipe>): Promise<Plan> {
  const project = await readRecipe('mnist-logit');
  const recipe = { ...(project.recipe as SupervisedRecipe), loss, batchSize: samples, ...sizes } as SupervisedRecipe;
  const split = await writeExcerpt('mnist', samples, folder());
  return planOn({ ...project, recipe }, { source: 'mnist', split }, { seed: 1, shuffle: false });
}

/** What libtorch's loss, which is held to Python PyTorch's, gives for all samples at once. */
function lossOfAll(loss: Loss, probabilities: Float32Array, labels: Int32Array): number {
  const output = { shape: [samples, 10], data: probabilities.map(Math.log) };
  return addon.computeLoss(JSON.stringify(planLoss(loss)), [output], [{ shape: [samples], data: labels }]).loss[0]!;
}

const losses: readonly Loss[] = [
  { type: 'CrossEntropy', classWeights },
  { type: 'CrossEntropy', classWeights, labelSmoothing: 0.1 },
  { type: 'CrossEntropy', ignoreIndex: 4 },
  { type: 'CrossEntropy', classWeights, ignoreIndex: 1 },
  { type: 'MultiMargin', classWeights },
];

describe.each(losses)('the mean of %j', (loss) => {
  test.each([1, 7, samples])(
    'over a split is that of all samples, whatever the batch: %i',
    async (evaluateBatchSize) => {
      session = await addon.createSession(JSON.stringify(await planWith(loss, { evaluateBatchSize })));
      const { loss: mean, predictions } = await session.evaluate('test');
      const { probabilities, labels, loss: predicted } = await session.predict('test');
      const expected = loss.type === 'CrossEntropy' ? lossOfAll(loss, probabilities, labels) : mean;
      expect(mean / expected).toBeCloseTo(1, 5);
      expect(predicted / mean).toBeCloseTo(1, 6);
      expect(predictions!.loss).toBe(mean);
    },
  );
});

test('the epoch’s mean loss weighs samples, also where it went on from a checkpoint', async () => {
  const loss: Loss = { type: 'CrossEntropy', classWeights };
  const rates = { learningRates: new Float64Array(samples).fill(1e-12) };
  session = await addon.createSession(JSON.stringify(await planWith(loss, { batchSize: 1 })));
  const { loss: mean } = await session.train(rates);
  const { probabilities, labels } = await session.predict('train');
  expect(mean / lossOfAll(loss, probabilities, labels)).toBeCloseTo(1, 4);
});

test.each([
  { type: 'CrossEntropy', ignoreIndex: 7 },
  { type: 'CrossEntropy', classWeights: [1, 1, 1, 1, 1, 1, 1, 0, 1, 1] },
] as const)('a batch in which no sample counts changes nothing: %j', async (loss) => {
  session = await addon.createSession(JSON.stringify(await planWith(loss, { batchSize: 1, evaluateBatchSize: 1 })));
  const outcome = await session.train({ learningRates: new Float64Array(samples).fill(0.001) });
  expect('diverged' in outcome).toBe(false);
  expect(Number.isFinite(outcome.loss)).toBe(true);
  expect((await session.evaluate('test')).loss).toBeGreaterThan(0);
});

test('a split in which no sample counts is refused in words', async () => {
  const onlyNine = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const loss: Loss = { type: 'CrossEntropy', classWeights: onlyNine, ignoreIndex: 9 };
  session = await addon.createSession(JSON.stringify(await planWith(loss, {})));
  await expect(session.evaluate('test')).rejects.toThrow(/No sample to evaluate counts in the loss/);
});

import { describe, expect, it } from 'vitest';
import { small } from '../../../small-generator.ts';
import { epochTime, estimateEpochTime, estimateMemory, trainingSpeed } from '../../../../core/training/cost.ts';
import type { CostFacts } from '../../../../core/training/cost.ts';
import { costFactsOf, costlyText } from '../../../../core/training/cost-facts.ts';
import { costWords } from '../../../../renderer/features/train/cost-words.ts';
import { smallDigits } from '../../../small-digits.ts';

const data = { inputShape: [1, 28, 28], trainSamples: 60_000, testSamples: 10_000, bytesPerValue: 1 };
const facts = costFactsOf(smallDigits, data)!;
/** 8 filters of 5 × 5, a Linear of 8 · 8 · 8 to 32 and one to 10, with biases. */
const parameters = 8 * 26 + 513 * 32 + 33 * 10;

function bytesOf(of: CostFacts, name: string): number {
  return estimateMemory(of).parts.find((part) => part.name === name)!.bytes;
}

describe('the memory of a training', () => {
  it('holds parameters, gradients and what the optimizer keeps', () => {
    const { totals } = facts;
    expect(bytesOf(facts, 'Parameters')).toBe(4 * totals.parameters);
    expect(bytesOf(facts, 'Gradients')).toBe(4 * totals.trainable);
    expect(totals.parameters).toBe(parameters);
    const copies = (optimizer: CostFacts['recipe']['optimizer']) =>
      bytesOf({ ...facts, recipe: { ...smallDigits.recipe, optimizer } }, 'Optimizer') / (4 * totals.trainable);
    expect(copies({ type: 'SGD' })).toBe(0);
    expect(copies({ type: 'SGD', momentum: 0.9 })).toBe(1);
    expect(copies({ type: 'Adam' })).toBe(2);
    expect(copies({ type: 'AdamW', amsgrad: true })).toBe(3);
    expect(copies({ type: 'LBFGS', historySize: 5 })).toBe(13);
  });

  it('grows with the batch, and holds the data', () => {
    const larger = { ...facts, recipe: { ...facts.recipe, batchSize: 10 * facts.recipe.batchSize } };
    expect(bytesOf(larger, 'Activations')).toBeCloseTo(10 * bytesOf(facts, 'Activations'));
    expect(bytesOf(facts, 'Data')).toBe(784 * 70_000);
  });

  it('is warned of where the device has less', () => {
    const batchSize = 10_000_000;
    const estimate = estimateMemory({ ...facts, recipe: { ...facts.recipe, batchSize } });
    const of = (total: number | null) => costWords(null, { estimate, measured: null, total }, 3).warning;
    expect(of(24e9)).not.toBeNull();
    expect(of(null)).toBeNull();
    expect(of(1e15)).toBeNull();
    const usual = estimateMemory(facts);
    expect(costWords(null, { estimate: usual, measured: null, total: 8e9 }, 3).warning).toBeNull();
    expect(costWords(null, { estimate: usual, measured: 9e9, total: 8e9 }, 3).warning).not.toBeNull();
  });
});

describe('the work of an epoch', () => {
  it('is that of whole batches, and of every view of a test image', () => {
    const speeds = [trainingSpeed(facts, 1000)];
    const seconds = (recipe: object): number =>
      estimateEpochTime({ ...facts, recipe: { ...facts.recipe, batchSize: 1000, ...recipe } }, speeds)!.seconds;
    const plain = seconds({});
    const few = { ...facts, trainSamples: 60_900 };
    const ofFew = (recipe: object): number =>
      estimateEpochTime({ ...few, recipe: { ...few.recipe, batchSize: 1000, ...recipe } }, speeds)!.seconds;
    expect(ofFew({ dropLast: true })).toBeCloseTo(plain, 9);
    expect(ofFew({})).toBeCloseTo(plain + 0.9, 9);
    // A forward pass is a third of a training step.
    expect(seconds({ evaluateViews: 'mirrored' })).toBeCloseTo(plain + 10 / 3, 9);
    expect(seconds({ evaluateViews: 'mirroredAndShifted' })).toBeCloseTo(plain + 50 / 3, 9);
  });
});

describe('the time of a training', () => {
  const measured = {
    stepSeconds: Float64Array.from([0.3, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.9]),
    ...{ stepsPerEpoch: 100, testSamples: 1000, evaluatedSamples: 500, evaluationSeconds: 1 },
    ...{ memoryBytes: 1e9, deviceName: 'a processor' },
  };

  it('is the median of the measured steps and the part of the evaluation, with its spread and number', () => {
    expect(epochTime(measured)).toEqual({
      seconds: expect.closeTo(22) as number,
      least: expect.closeTo(22) as number,
      most: expect.closeTo(32) as number,
      steps: 11,
    });
    expect(epochTime({ ...measured, stepSeconds: new Float64Array() })).toBeNull();
  });

  it('is estimated from the speed of other trainings, and not without them', () => {
    expect(estimateEpochTime(facts, [])).toBeNull();
    const work = facts.totals.multiplyAdds * (3 * 60_000 + 10_000);
    const { perBatch } = trainingSpeed(facts, 1);
    const speeds = [work, work / 2, work / 4].map((perSecond) => ({ perSecond, perBatch }));
    expect(estimateEpochTime(facts, speeds)).toEqual({
      seconds: 2,
      least: 1,
      most: 4,
      trainings: 3,
    });
    const words = costWords({ kind: 'estimated', seconds: 2, least: 1, most: 4, trainings: 3 }, memory, 5).time!;
    expect(words.origin).toMatch(/^Estimated.*3 trainings/);
    expect(costWords({ kind: 'measured', ...epochTime(measured)! }, memory, 5).time!.origin).toMatch(
      /^Measured.*11 steps/,
    );
  });

  it('counts the iterations of an adversarial epoch', () => {
    const adversarial = { ...facts, recipe: { ...small.recipe, batchSize: 50, iterations: 30 } };
    const work = facts.totals.multiplyAdds * (3 * 30 * 50 + facts.testSamples);
    const speeds = [{ perSecond: work, perBatch: trainingSpeed(adversarial, 1).perBatch }];
    expect(estimateEpochTime(adversarial, speeds)?.seconds).toBeCloseTo(1);
  });

  it('is not estimated from a training whose batches are much less work, or much more', () => {
    const own = trainingSpeed(facts, 1000);
    const expected = (3 * 60_000 + 10_000) / 3 / 1000;
    const table = trainingSpeed({ ...facts, trainSamples: 1, totals: { ...facts.totals, multiplyAdds: 20 } }, 5000);
    const large = { ...own, perBatch: 1000 * own.perBatch };
    expect(estimateEpochTime(facts, [table, large])).toBeNull();
    expect(estimateEpochTime(facts, [table, own, large])).toMatchObject({
      seconds: expect.closeTo(expected) as number,
      trainings: 1,
    });
  });

  it('is the same for a project with another name, more epochs or another rate', () => {
    const { recipe } = smallDigits;
    const longer = { ...smallDigits, name: 'x', recipe: { ...recipe, epochs: 9, seed: 5 } };
    expect(costlyText(longer)).toBe(costlyText(smallDigits));
    // As a run has it that decided what its project left open.
    const decided = { ...smallDigits, data: { ...smallDigits.data, standardiseTargets: true } };
    expect(costlyText(decided)).toBe(costlyText(smallDigits));
    expect(costlyText({ ...smallDigits, recipe: { ...recipe, batchSize: 7 } })).not.toBe(costlyText(smallDigits));
  });
});

const memory = { estimate: null, measured: null, total: null };

import { describe, expect, it } from 'vitest';
import { compareJudgements } from '../../../core/evaluation/compare-runs.ts';
import { judge } from '../../../core/evaluation/judgement.ts';
import { list } from '../../../renderer/features/evaluate/listing.ts';

/** Six samples of two classes by what is held of the first class. */
function judged(first: readonly number[]) {
  const probabilities = Float32Array.from(first.flatMap((share) => [share, 1 - share]));
  return judge({ classes: 2, labels: Int32Array.of(0, 0, 0, 1, 1, 1), probabilities });
}

const judgement = judged([0.9, 0.4, 0.2, 0.1, 0.7, 0.95]);
const other = judged([0.9, 0.9, 0.2, 0.6, 0.3, 0.95]);
const history = {
  epochs: [1, 2],
  predicted: [Uint16Array.of(1, 1, 1, 1, 0, 0), Uint16Array.of(0, 1, 1, 1, 0, 0)],
  confidences: [new Uint16Array(6).fill(32_768), Uint16Array.of(1, 2, 3, 4, 5, 65_535)],
};
const source = { judgement, history, comparison: { other, comparison: compareJudgements(judgement, other) } };

describe('what the grid shows', () => {
  it('all that are wrong, the surest first', () => {
    const { samples, predictedOf } = list({ kind: 'wrong' }, 'confidence', source);
    expect(samples).toEqual(Int32Array.of(5, 2, 4, 1));
    expect([...samples].map(predictedOf)).toEqual([0, 1, 0, 1]);
    expect(list({ kind: 'wrong' }, 'index', source).samples).toEqual(Int32Array.of(1, 2, 4, 5));
  });

  it('a cell of the matrix, right ones too', () => {
    expect(list({ kind: 'cell', label: 0, predicted: 0 }, 'index', source).samples).toEqual(Int32Array.of(0));
    expect(list({ kind: 'cell', label: 1, predicted: 0 }, 'loss', source).samples).toEqual(Int32Array.of(5, 4));
  });

  it('the least sure first, whatever they are', () => {
    expect(list({ kind: 'leastSure' }, 'index', source).samples[0]).toBe(1);
    expect(list({ kind: 'surest' }, 'index', source).samples[0]).toBe(5);
    // Of six, three each.
    const both = (['leastSure', 'surest'] as const).flatMap((kind) => [...list({ kind }, 'index', source).samples]);
    expect(both.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('what an epoch mended stands under the mistake that it was', () => {
    const { samples, predictedOf, confidenceOf } = list(
      { kind: 'epoch', place: 1, change: 'fixed' },
      'confidence',
      source,
    );
    expect(samples).toEqual(Int32Array.of(0));
    expect(predictedOf(0)).toBe(1);
    expect(confidenceOf(0)).toBeCloseTo(0.5, 4);
    const wrong = list({ kind: 'epoch', place: 1, change: 'wrong' }, 'confidence', source);
    expect(wrong.samples).toEqual(Int32Array.of(5, 4, 2, 1));
  });

  it('what only this run tells right stands under what the other said', () => {
    const only = list({ kind: 'agreement', agreement: 'onlyFirst' }, 'index', source);
    expect(only.samples).toEqual(Int32Array.of(3));
    expect(only.predictedOf(3)).toBe(0);
    expect(list({ kind: 'agreement', agreement: 'bothWrong' }, 'index', source).samples).toEqual(Int32Array.of(2, 5));
  });

  it('nothing where nothing is known', () => {
    const bare = { judgement, history: null, comparison: null };
    expect(list({ kind: 'epoch', place: 0, change: 'wrong' }, 'index', bare).samples).toHaveLength(0);
    expect(list({ kind: 'agreement', agreement: 'bothRight' }, 'index', bare).samples).toHaveLength(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classFigures } from '../../../../core/evaluation/class-figures.ts';
import {
  confusionMatrix,
  largestConfusions,
  matrixDifference,
  ratesOf,
} from '../../../../core/evaluation/confusion.ts';
import { confusionSentence } from '../../../../core/evaluation/confusion-words.ts';
import { epochErrors } from '../../../../core/evaluation/error-history.ts';
import { wilsonInterval } from '../../../../core/evaluation/interval.ts';
import { judge, judgements } from '../../../../core/evaluation/judgement.ts';
import { mismatchesOf, samplesOfCell, sorted } from '../../../../core/evaluation/sample-order.ts';

const classes = 5;
const labelled = fc
  .array(
    fc.tuple(
      fc.nat(classes - 1),
      fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: classes, maxLength: classes }),
    ),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((samples) =>
    judge({
      classes,
      labels: Int32Array.from(samples, ([label]) => label),
      probabilities: Float32Array.from(samples.flatMap(([, shares]) => shares)),
    }),
  );

describe('confusions', () => {
  it('every sample counts once, in the row of its label', () => {
    fc.assert(
      fc.property(labelled, ({ labels, predicted }) => {
        const matrix = confusionMatrix(labels, predicted, classes);
        const figures = classFigures(matrix);
        const wrong = mismatchesOf({ labels, predicted }).length;
        expect(figures.reduce((sum, { samples }) => sum + samples, 0)).toBe(labels.length);
        expect(figures.reduce((sum, figure) => sum + figure.predicted, 0)).toBe(labels.length);
        expect(figures.reduce((sum, { right }) => sum + right, 0)).toBe(labels.length - wrong);
        expect(largestConfusions(matrix, 25).reduce((sum, { count }) => sum + count, 0)).toBe(wrong);
      }),
    );
  });

  it('a cell of the matrix counts the samples that it filters', () => {
    fc.assert(
      fc.property(labelled, ({ labels, predicted }) => {
        const matrix = confusionMatrix(labels, predicted, classes);
        for (let label = 0; label < classes; label++) {
          for (let judged = 0; judged < classes; judged++) {
            expect(samplesOfCell({ labels, predicted }, { label, predicted: judged })).toHaveLength(
              matrix[label]![judged]!,
            );
          }
        }
        expect(samplesOfCell({ labels, predicted }, { label: null, predicted: null })).toHaveLength(labels.length);
      }),
    );
  });

  it('come largest first, in words', () => {
    const matrix = [
      [5, 1, 3],
      [0, 9, 0],
      [7, 0, 2],
    ];
    const largest = largestConfusions(matrix, 2);
    expect(largest).toEqual([
      { label: 2, predicted: 0, count: 7 },
      { label: 0, predicted: 2, count: 3 },
    ]);
    const names = ['cat', 'dog', 'ship'];
    const words = confusionSentence(largest[0]!, classFigures(matrix), (label) => names[label]!);
    expect(words).toBe('7 of 9 of class ship (77.8 %) are predicted as cat');
  });

  it('rates of a row are shares of it, none where the class has no samples', () => {
    expect(
      ratesOf([
        [3, 1],
        [0, 0],
      ]),
    ).toEqual([
      [0.75, 0.25],
      [null, null],
    ]);
  });

  it('the difference of two matrices of the same samples sums to nothing in every row', () => {
    fc.assert(
      fc.property(labelled, labelled, (one, other) => {
        const samples = Math.min(one.labels.length, other.labels.length);
        const labels = one.labels.slice(0, samples);
        const matrix = (predicted: Int32Array) => confusionMatrix(labels, predicted.slice(0, samples), classes);
        const difference = matrixDifference(matrix(one.predicted), matrix(other.predicted));
        for (const row of difference) expect(row.reduce((sum, count) => sum + count, 0)).toBe(0);
      }),
    );
  });
});

describe('judgements', () => {
  it('the most probable class, of equal ones the first', () => {
    expect(judgements(Float32Array.from([0.1, 0.7, 0.2, 0.4, 0.4, 0.2]), 3)).toEqual(Int32Array.from([1, 0]));
  });

  it('a probability of 0 is a large loss, not an endless one', () => {
    const { losses } = judge({ classes: 2, labels: Int32Array.of(0), probabilities: Float32Array.of(0, 1) });
    expect(losses[0]).toBeCloseTo(15 * Math.LN10, 4);
  });
});

describe('the order of samples', () => {
  it('by confidence or loss never rises, and none is lost', () => {
    fc.assert(
      fc.property(labelled, fc.constantFrom('confidence' as const, 'loss' as const), (judgement, by) => {
        const samples = mismatchesOf(judgement);
        const order = sorted(samples, by, judgement);
        const figures = by === 'confidence' ? judgement.confidences : judgement.losses;
        for (let place = 1; place < order.length; place++) {
          expect(figures[order[place]!]!).toBeLessThanOrEqual(figures[order[place - 1]!]!);
        }
        expect(sorted(order, 'index', judgement)).toEqual(samples);
      }),
    );
  });
});

describe('the history of errors', () => {
  it('what was wrong, less what was fixed, with what was made, is what is wrong', () => {
    const predicted = fc.array(fc.nat(2), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(predicted, fc.array(predicted, { minLength: 2, maxLength: 5 }), (truth, epochs) => {
        const labels = Int32Array.from(truth);
        const history = {
          epochs: epochs.map((_, index) => index + 1),
          predicted: epochs.map((each) => Uint16Array.from(each)),
        };
        for (let place = 1; place < epochs.length; place++) {
          const before = new Set(epochErrors(history, place - 1, labels).wrong);
          const now = epochErrors(history, place, labels);
          now.fixed.forEach((sample) => before.delete(sample));
          now.made.forEach((sample) => before.add(sample));
          expect([...before].sort((a, b) => a - b)).toEqual([...now.wrong]);
        }
      }),
    );
  });

  it('the first epoch fixes and makes nothing', () => {
    const history = { epochs: [3], predicted: [Uint16Array.of(1, 0)] };
    expect(epochErrors(history, 0, Int32Array.of(0, 0))).toEqual({
      epoch: 3,
      before: null,
      wrong: Int32Array.of(0),
      fixed: new Int32Array(0),
      made: new Int32Array(0),
    });
  });
});

it('an interval stays within 0…1 and holds the proportion', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (samples, share) => {
      const right = Math.round(share * samples);
      const { low, high } = wilsonInterval(right, samples)!;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(right / samples);
      expect(high).toBeGreaterThanOrEqual(right / samples);
      expect(high).toBeLessThanOrEqual(1);
    }),
  );
  expect(wilsonInterval(0, 0)).toBeNull();
});

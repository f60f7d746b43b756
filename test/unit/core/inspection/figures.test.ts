import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawSamples } from '../../../../core/inspection/draw-samples.ts';
import { duplicateFigures, samplesInBoth } from '../../../../core/inspection/duplicate-figures.ts';
import { endsOf, histogram } from '../../../../core/inspection/histogram.ts';
import { normalisationInWords, normalisedChannels } from '../../../../core/inspection/normalised.ts';
import { suspiciousLabels } from '../../../../core/inspection/suspicious-labels.ts';

test('samples are drawn of their class, each once, and the same for a seed', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { minLength: 1 }), fc.nat(20), fc.nat(), (given, wanted, seed) => {
      const labels = Int32Array.from(given);
      const set = { samples: labels.length, labels, classes: 4 };
      const drawn = drawSamples(set, wanted, seed);
      expect(drawn).toEqual(drawSamples(set, wanted, seed));
      for (const [label, members] of drawn.entries()) {
        expect(new Set(members).size).toBe(members.length);
        expect([...members].every((sample) => labels[sample] === label)).toBe(true);
        expect(members.length).toBe(Math.min(wanted, given.filter((each) => each === label).length));
      }
    }),
  );
  expect(drawSamples({ samples: 5, labels: new Int32Array(0), classes: 0 }, 9, 1)[0]!.toSorted()).toEqual(
    Int32Array.of(0, 1, 2, 3, 4),
  );
});

test('contradictory groups come first, then those of both splits, then the most alike', () => {
  const labels = [0, 1, 0, 0, 0, 1, 1];
  const found = duplicateFigures(
    [
      { members: [0, 2], correlation: 0.99 },
      { members: [0, 3], correlation: 1 },
      { members: [3, 4], correlation: 0.985 },
      { members: [1, 2, 6], correlation: 1 },
    ],
    { trainSamples: 4, targetOf: (sample) => labels[sample]!, labelOf: (sample) => labels[sample]! },
  );
  expect(found.groups.map(({ members }) => members.map(({ split, index }) => `${split} ${index}`))).toEqual([
    ['train 1', 'train 2', 'test 2'],
    ['train 3', 'test 0'],
    ['train 0', 'train 3'],
    ['train 0', 'train 2'],
  ]);
  expect(found).toMatchObject({ total: 4, contradictory: 1, testInTrain: 2, repeated: { train: 2, test: 0 } });
});

test('a test sample is in the training data with its own label, or with others only', () => {
  const labels = [0, 1, 0, 1, 2, 1, 0];
  const found = [
    [0, 1, 3, 4],
    [2, 3],
    [5, 6],
    [0, 2],
  ].map((members) => ({ members, correlation: 1 }));
  expect(samplesInBoth(found, { trainSamples: 3, targetOf: (sample) => labels[sample]! })).toEqual({
    identical: [{ test: 3, train: 1 }],
    contradictory: [{ test: 4, train: 0 }],
  });
});

test('a label is suspicious where another class is told as surely as of its own samples', () => {
  const shares = [
    [0.9, 0.1],
    [0.7, 0.3],
    // Less sure than the mean .8 of class 0.
    [0.75, 0.25],
    [0.1, 0.9],
    [0.95, 0.05],
    [0.3, 0.7],
  ];
  const labels = Int32Array.of(0, 0, 1, 1, 1, 1);
  const found = suspiciousLabels({ classes: 2, labels, probabilities: Float32Array.from(shares.flat()) });
  expect(found.map(({ sample, label, predicted }) => [sample, label, predicted])).toEqual([[4, 1, 0]]);
  expect(found[0]!.confidence).toBeCloseTo(0.95);
});

test('a histogram counts every value between its ends', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), { minLength: 1 }), (values) => {
      const every = { first: 0, step: 1 };
      const ends = endsOf(values, every);
      const { counts } = histogram(values, every, ends, 7);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
    }),
  );
  expect(histogram([0, 9, 1, 9, 2, 9, 4, 9], { first: 0, step: 2 }, { least: 0, most: 4 }, 4).counts).toEqual([
    1, 1, 1, 1,
  ]);
});

const measured = {
  inputShape: [1, 28, 28],
  values: 'bytes',
  statistics: { mean: [0.25], std: [0.5] },
  range: { least: [0], most: [1] },
} as const;

test('scaling gives the mean and the deviation that the network gets', () => {
  const [alike] = normalisedChannels({ kind: 'affine', scale: 1 / 127.5, offset: -1 }, measured);
  expect([alike!.mean, alike!.std, alike!.least, alike!.most].map((value) => Number(value.toFixed(6)))).toEqual([
    -0.5, 1, -1, 1,
  ]);
  const [standard] = normalisedChannels({ kind: 'zscore' }, measured);
  expect([standard!.mean, standard!.std].map((value) => Math.abs(Number(value.toFixed(9))))).toEqual([0, 1]);
});

test('a sentence says where the figures of a project differ from those measured', () => {
  const words = (normalise: Parameters<typeof normalisedChannels>[0]) =>
    normalisationInWords(normalise, normalisedChannels(normalise, measured));
  expect(words({ kind: 'zscore' })).toContain('normalises with the measured');
  expect(words({ kind: 'zscore', mean: [0.25], std: [0.5] })).toContain('equal the measured');
  expect(words({ kind: 'zscore', mean: [0.5], std: [0.5] })).toContain('by up to 0.50');
  expect(words({ kind: 'affine', scale: 1, offset: 0 })).toContain('does not use');
});

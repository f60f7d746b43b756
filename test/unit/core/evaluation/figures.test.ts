import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibration } from '../../../../core/evaluation/calibration.ts';
import { classFigures, macroFigures } from '../../../../core/evaluation/class-figures.ts';
import { compareJudgements } from '../../../../core/evaluation/compare-runs.ts';
import { confusionMatrix } from '../../../../core/evaluation/confusion.ts';
import { countAmong, countClipped, countRight, judge, logLoss } from '../../../../core/evaluation/judgement.ts';

/** By scikit-learn, torchmetrics and SciPy: see test/baselines/evaluation.py. */
interface Case {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly probabilities: readonly number[];
  readonly matrix: readonly (readonly number[])[];
  readonly precision: readonly (number | null)[];
  readonly recall: readonly (number | null)[];
  readonly f1: readonly (number | null)[];
  readonly recallIntervals: readonly (readonly [number, number] | null)[];
  readonly f1Intervals: readonly (readonly [number, number])[];
  readonly macro: { readonly precision: number; readonly recall: number; readonly f1: number };
  readonly top: Readonly<Record<string, number>>;
  readonly logLoss: number;
  readonly calibration: { readonly l1: number; readonly max: number };
}

const file = new URL('../../../baselines/evaluation.json', import.meta.url);
const baseline = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly cases: readonly [Case, Case];
  readonly second: readonly number[];
  readonly compared: Readonly<Record<'bothRight' | 'onlyFirst' | 'onlySecond' | 'bothWrong' | 'chance', number>>;
};

describe.each(baseline.cases.map((each, index) => ({ name: `case ${index + 1}`, ...each })))(
  'figures of $name agree with scikit-learn and torchmetrics',
  (wanted) => {
    const { classes } = wanted;
    const predictions = {
      classes,
      labels: Int32Array.from(wanted.labels),
      probabilities: Float32Array.from(wanted.probabilities),
    };
    const judged = judge(predictions);
    const matrix = confusionMatrix(judged.labels, judged.predicted, classes);

    it('confusion matrix', () => expect(matrix).toEqual(wanted.matrix));

    it('precision, recall and F1 of each class', () => {
      const figures = classFigures(matrix);
      for (const name of ['precision', 'recall', 'f1'] as const) {
        for (const [label, value] of wanted[name].entries()) {
          if (value === null) expect(figures[label]![name]).toBeNull();
          else expect(figures[label]![name]!.value).toBeCloseTo(value, 12);
        }
      }
    });

    it('their intervals', () => {
      const figures = classFigures(matrix);
      for (const [label, interval] of wanted.recallIntervals.entries()) {
        const found = figures[label]!.recall?.interval ?? null;
        if (interval === null) expect(found).toBeNull();
        else expectInterval(found, interval);
      }
      wanted.f1Intervals.forEach((interval, label) => expectInterval(figures[label]!.f1?.interval ?? null, interval));
    });

    it('means over the classes', () => {
      const macro = macroFigures(classFigures(matrix));
      for (const name of ['precision', 'recall', 'f1'] as const)
        expect(macro[name]).toBeCloseTo(wanted.macro[name], 12);
    });

    it('top-k accuracy', () => {
      const samples = judged.labels.length;
      expect(countRight(judged) / samples).toBeCloseTo(wanted.top['1']!, 6);
      for (const [most, share] of Object.entries(wanted.top)) {
        expect(countAmong(predictions, Number(most)) / samples).toBeCloseTo(share, 6);
      }
    });

    it('log loss', () => {
      expect(logLoss(predictions)).toBeCloseTo(wanted.logLoss, 5);
      const mean = judged.losses.reduce((sum, loss) => sum + loss, 0) / judged.losses.length;
      expect(mean).toBeCloseTo(wanted.logLoss, 5);
    });

    it('calibration', () => {
      const found = calibration(judged);
      expect(found.expectedError).toBeCloseTo(wanted.calibration.l1, 5);
      expect(found.largestError).toBeCloseTo(wanted.calibration.max, 5);
      expect(found.bins.reduce((sum, { samples }) => sum + samples, 0)).toBe(judged.labels.length);
    });
  },
);

it('a probability of nothing counts as 1e-15, and is counted', () => {
  const predictions = { classes: 2, labels: Int32Array.of(0, 1), probabilities: Float32Array.of(0, 1, 0.5, 0.5) };
  expect(countClipped(predictions)).toBe(1);
  expect(logLoss(predictions)).toBeCloseTo((Math.log(1e15) + Math.log(2)) / 2, 12);
});

it('the comparison of two networks agrees with counting and with the exact test of SciPy', () => {
  const [{ classes, labels, probabilities }] = baseline.cases;
  const judged = (shares: readonly number[]) =>
    judge({ classes, labels: Int32Array.from(labels), probabilities: Float32Array.from(shares) });
  const { samples, chance } = compareJudgements(judged(probabilities), judged(baseline.second));
  const { chance: wantedChance, ...counts } = baseline.compared;
  for (const [name, count] of Object.entries(counts)) expect(samples[name as keyof typeof samples]).toHaveLength(count);
  expect(chance).toBeCloseTo(wantedChance, 10);
});

function expectInterval(
  found: { readonly low: number; readonly high: number } | null,
  [low, high]: readonly [number, number],
): void {
  expect(found?.low).toBeCloseTo(low, 10);
  expect(found?.high).toBeCloseTo(high, 10);
}

import type { TestPredictions } from '../../../core/contract/evaluation.ts';

/** Of a target: digits behind the point of its values, and of predictions for it. */
export interface TargetDigits {
  readonly wanted: number;
  readonly predicted: number;
}

/** Deviations of the targets over the test set, so that errors of several can be compared; 1 where all are equal. */
export function deviationsOf({ targets, classes, samples }: TestPredictions): readonly number[] {
  return Array.from({ length: classes }, (_, target) => {
    let [sum, squares] = [0, 0];
    for (let at = target; at < targets!.length; at += classes) {
      sum += targets![at]!;
      squares += targets![at]! ** 2;
    }
    return Math.sqrt(Math.max(0, squares / samples - (sum / samples) ** 2)) || 1;
  });
}

export function targetDigits(predictions: TestPredictions): readonly TargetDigits[] {
  const { targets, classes } = predictions;
  return deviationsOf(predictions).map((deviation, target) => {
    const own = targets!.filter((_, at) => at % classes === target);
    const wanted = decimalsOf(own, deviation);
    return { wanted, predicted: decimalsOfPredictions(wanted, deviation) };
  });
}

/**
 * Digits behind the point of numbers that were stored in 32 bits, so that 6.574 is not 6.573999: no more than tell a
 * hundred thousandth of their deviation, and no more than they need.
 */
export function decimalsOf(values: ArrayLike<number>, deviation: number): number {
  const most = decimalsFor(deviation * 1e-5);
  const all = Array.from(values);
  for (let decimals = 0; decimals < most; decimals++) {
    if (all.every((value) => Math.abs(value - Number(value.toFixed(decimals))) < deviation * 1e-6)) return decimals;
  }
  return most;
}

/** Of a prediction: no fewer than tell a thousandth of the deviation. */
export function decimalsOfPredictions(decimals: number, deviation: number): number {
  return Math.max(decimals, decimalsFor(deviation * 1e-3));
}

function decimalsFor(resolution: number): number {
  return Math.min(20, Math.max(0, Math.ceil(-Math.log10(resolution))));
}

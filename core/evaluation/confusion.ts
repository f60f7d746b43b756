/** matrix[label][predicted]: how many samples of one class were taken for another. */
export type ConfusionMatrix = readonly (readonly number[])[];

export function confusionMatrix(labels: Int32Array, predicted: Int32Array, classes: number): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [sample, label] of labels.entries()) matrix[label]![predicted[sample]!]! += 1;
  return matrix;
}

/** Each row as shares of its class; null where the class has no samples. */
export function ratesOf(matrix: ConfusionMatrix): readonly (readonly (number | null)[])[] {
  return matrix.map((row) => {
    const samples = sum(row);
    return row.map((count) => (samples === 0 ? null : count / samples));
  });
}

/** How many more samples the first took for a class than the second. */
export function matrixDifference(one: ConfusionMatrix, other: ConfusionMatrix): ConfusionMatrix {
  return one.map((row, label) => row.map((count, predicted) => count - other[label]![predicted]!));
}

export interface Confusion {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
}

/** The largest cells off the diagonal, largest first, none of them empty. */
export function largestConfusions(matrix: ConfusionMatrix, limit: number): Confusion[] {
  return matrix
    .flatMap((row, label) => row.map((count, predicted) => ({ label, predicted, count })))
    .filter(({ label, predicted, count }) => label !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

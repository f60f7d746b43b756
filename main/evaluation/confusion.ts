/** Pure figures from what a network says of a labelled set. */

/** The most probable class of every sample; of equal ones the first. `probabilities` is row-major samples × classes. */
export function judgements(probabilities: Float32Array, classes: number): Int32Array {
  const judged = new Int32Array(probabilities.length / classes);
  for (let sample = 0; sample < judged.length; sample++) {
    let best = 0;
    for (let candidate = 1; candidate < classes; candidate++) {
      const row = sample * classes;
      if ((probabilities[row + candidate] ?? 0) > (probabilities[row + best] ?? 0)) best = candidate;
    }
    judged[sample] = best;
  }
  return judged;
}

/** matrix[label][judged]: how many images of one class the network took for another. */
export function confusionMatrix(labels: Int32Array, judged: Int32Array, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [sample, label] of labels.entries()) {
    const row = matrix[label];
    const column = judged[sample];
    if (row && column !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

export interface ClassFigures {
  readonly label: number;
  readonly samples: number;
  readonly right: number;
}

export function classFigures(matrix: readonly (readonly number[])[]): ClassFigures[] {
  return matrix.map((row, label) => ({
    label,
    samples: row.reduce((sum, count) => sum + count, 0),
    right: row[label] ?? 0,
  }));
}

export interface Confusion {
  readonly label: number;
  readonly judged: number;
  readonly count: number;
}

/** The largest cells off the diagonal, largest first, none of them empty. */
export function largestConfusions(matrix: readonly (readonly number[])[], limit: number): Confusion[] {
  return matrix
    .flatMap((row, label) => row.map((count, judged) => ({ label, judged, count })))
    .filter(({ label, judged, count }) => label !== judged && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}

/** Fraction of the samples whose most probable class is their label. */
export function accuracyOf(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  const judged = judgements(probabilities, classes);
  return labels.reduce((right, label, sample) => right + Number(judged[sample] === label), 0) / labels.length;
}

/**
 * Mean of -log of the probability of the label, within 1e-15 of 0 as scikit-learn had it: a probability of 0 counts as
 * very wrong, not as infinitely wrong.
 */
export function logLoss(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  const sum = labels.reduce((sum, label, sample) => {
    return sum - Math.log(Math.max(probabilities[sample * classes + label]!, 1e-15));
  }, 0);
  return sum / labels.length;
}

import type { ClassPredictions } from '../evaluation/judgement.ts';

export interface SuspiciousLabel {
  readonly sample: number;
  readonly label: number;
  /** The class that the network holds for the right one. */
  readonly predicted: number;
  /** Its probability, and that of the label. */
  readonly confidence: number;
  readonly shareOfLabel: number;
}

/**
 * Samples whose label a network contradicts as surely as it confirms those that bear the class that it says: its
 * probability is no less than the mean probability that samples of that class get for it (Northcutt, Jiang and Chuang
 * 2021, "Confident Learning", arXiv 1911.00068, section 3.1). Those furthest from their label come first.
 */
export function suspiciousLabels({ classes, labels, probabilities }: ClassPredictions): readonly SuspiciousLabel[] {
  const thresholds = meanSelfConfidence({ classes, labels, probabilities });
  const found: SuspiciousLabel[] = [];
  for (const [sample, label] of labels.entries()) {
    const shares = probabilities.subarray(sample * classes, (sample + 1) * classes);
    let predicted = 0;
    for (let other = 1; other < classes; other++) if (shares[other]! > shares[predicted]!) predicted = other;
    const [confidence, shareOfLabel] = [shares[predicted]!, shares[label]!];
    if (predicted !== label && confidence >= thresholds[predicted]!)
      found.push({ sample, label, predicted, confidence, shareOfLabel });
  }
  return found.sort((one, other) => other.confidence - other.shareOfLabel - (one.confidence - one.shareOfLabel));
}

/** Of each class; that of a class without samples is never reached. */
function meanSelfConfidence({ classes, labels, probabilities }: ClassPredictions): readonly number[] {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (const [sample, label] of labels.entries()) {
    sums[label]! += probabilities[sample * classes + label]!;
    counts[label]! += 1;
  }
  return Array.from(sums, (sum, label) => (counts[label] === 0 ? Infinity : sum / counts[label]!));
}

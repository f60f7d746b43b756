/** What a network says of a labelled set. */
export interface ClassPredictions {
  readonly classes: number;
  readonly labels: Int32Array;
  /** Row-major samples × classes. */
  readonly probabilities: Float32Array;
}

/** The same, a number a sample. */
export interface Judgement {
  readonly labels: Int32Array;
  /** The most probable class; of equal ones the first. */
  readonly predicted: Int32Array;
  /** Probability of the predicted class. */
  readonly confidences: Float32Array;
  /** -log of the label's probability. */
  readonly losses: Float32Array;
}

/** In plain loops: a training does this after every epoch. */
export function judge({ classes, labels, probabilities }: ClassPredictions): Judgement {
  const predicted = judgements(probabilities, classes);
  const confidences = new Float32Array(predicted.length);
  const losses = new Float32Array(predicted.length);
  for (let sample = 0; sample < predicted.length; sample++) {
    const row = sample * classes;
    confidences[sample] = probabilities[row + predicted[sample]!]!;
    losses[sample] = lossOf(probabilities[row + labels[sample]!]!);
  }
  return { labels, predicted, confidences, losses };
}

/** The most probable class of every sample; of equal ones the first. `probabilities` is row-major samples × classes. */
export function judgements(probabilities: Float32Array, classes: number): Int32Array {
  const judged = new Int32Array(probabilities.length / classes);
  for (let sample = 0; sample < judged.length; sample++) {
    const row = sample * classes;
    let best = 0;
    for (let candidate = 1; candidate < classes; candidate++) {
      if (probabilities[row + candidate]! > probabilities[row + best]!) best = candidate;
    }
    judged[sample] = best;
  }
  return judged;
}

/** A smaller probability counts as this, as scikit-learn had it: 0 is very wrong, not infinitely wrong. */
export const leastProbability = 1e-15;

/** -log of a probability. */
function lossOf(probability: number): number {
  return -Math.log(Math.max(probability, leastProbability));
}

/** Samples of whose label the probability is below `leastProbability`: their loss is greater than `logLoss` has it. */
export function countClipped({ classes, labels, probabilities }: ClassPredictions): number {
  return labels.reduce(
    (count, label, sample) => count + Number(probabilities[sample * classes + label]! < leastProbability),
    0,
  );
}

/** Mean of -log of the probability of the label. */
export function logLoss({ classes, labels, probabilities }: ClassPredictions): number {
  const sum = labels.reduce((sum, label, sample) => sum + lossOf(probabilities[sample * classes + label]!), 0);
  return sum / labels.length;
}

/** Samples whose most probable class is their label. */
export function countRight({ labels, predicted }: Pick<Judgement, 'labels' | 'predicted'>): number {
  return labels.reduce((right, label, sample) => right + Number(predicted[sample] === label), 0);
}

/** Samples whose label is among the `most` most probable classes. Classes as probable as the label count before it. */
export function countAmong({ classes, labels, probabilities }: ClassPredictions, most: number): number {
  return labels.reduce((among, label, sample) => {
    const row = sample * classes;
    const own = probabilities[row + label]!;
    let before = 0;
    for (let other = 0; other < classes; other++)
      before += Number(other !== label && probabilities[row + other]! >= own);
    return among + Number(before < most);
  }, 0);
}

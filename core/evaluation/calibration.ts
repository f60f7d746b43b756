import type { Judgement } from './judgement.ts';

/** Samples whose confidence lies in (low, high]. */
export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly samples: number;
  /** Means over the samples; null of none. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Mean over the samples of how far their bin's accuracy is from its confidence (Guo et al. 2017). */
  readonly expectedError: number;
  /** The same of the worst bin. */
  readonly largestError: number;
}

/** As many bins as Guo et al. have. */
const usualBins = 15;

/** Whether a network is right as often as it says. */
export function calibration(
  { labels, predicted, confidences }: Omit<Judgement, 'losses'>,
  count = usualBins,
): Calibration {
  const sums = Array.from({ length: count }, () => ({ samples: 0, confidence: 0, right: 0 }));
  for (const [sample, confidence] of confidences.entries()) {
    const bin = sums[Math.min(count - 1, Math.max(0, Math.ceil(confidence * count) - 1))]!;
    bin.samples += 1;
    bin.confidence += confidence;
    bin.right += Number(predicted[sample] === labels[sample]);
  }
  const bins = sums.map(({ samples, confidence, right }, index) => ({
    low: index / count,
    high: (index + 1) / count,
    samples,
    confidence: samples === 0 ? null : confidence / samples,
    accuracy: samples === 0 ? null : right / samples,
  }));
  const errors = bins.map(({ confidence, accuracy }) => Math.abs((accuracy ?? 0) - (confidence ?? 0)));
  return {
    bins,
    expectedError: errors.reduce((total, error, index) => total + error * bins[index]!.samples, 0) / labels.length,
    largestError: Math.max(...errors),
  };
}

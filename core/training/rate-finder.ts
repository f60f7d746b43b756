/**
 * The search for a learning rate: some steps with ever higher rates, the loss looked at (Smith 2017, "Cyclical learning
 * rates for training neural networks", section 3.3). Smoothing and cut-off are those of fastai's lr_find.
 */

export interface RateSweep {
  readonly lowest: number;
  readonly highest: number;
  /** Optimizer steps. */
  readonly steps: number;
  /** It ends where the smoothed loss is so many times the least one. */
  readonly cutOff: number;
}

/** fastai's own. */
export const standardSweep: RateSweep = { lowest: 1e-7, highest: 10, steps: 100, cutOff: 4 };

/** Share of the past in the smoothed loss: an exponential mean, corrected for its beginning at zero. */
export const lossSmoothing = 0.98;

/** Losses of the steps taken so far, one a rate; fewer than rates where it ended early. */
export interface FoundLosses {
  readonly losses: Float64Array;
  readonly smoothed: Float64Array;
  /** `diverged`: the loss after the last one was not finite. */
  readonly state: 'finished' | 'cutOff' | 'diverged' | 'interrupted';
}

export interface RateFinding extends FoundLosses {
  /** Of the steps taken. */
  readonly rates: Float64Array;
  /** Null: the loss did not fall, or not more than by chance. */
  readonly suggestion: number | null;
}

/** Each as many times the one before. */
export function sweepRates({ lowest, highest, steps }: RateSweep): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    return steps === 1 ? lowest : lowest * (highest / lowest) ** (step / (steps - 1));
  });
}

export function withSuggestion(rates: Float64Array, found: FoundLosses): RateFinding {
  const taken = rates.slice(0, found.losses.length);
  return { ...found, rates: taken, suggestion: halfwayDown(taken, found.losses, rates.length) };
}

/** Of the steps asked for: the losses are averaged over so many, and those at the lowest rates over twice as many. */
const averagedShare = 1 / 10;
/** Standard errors that a fall must have to be none by chance. */
const leastErrors = 2;

/**
 * The rate at which the mean of the losses is halfway from where it was at the lowest rates to its minimum: where it
 * falls fastest, if it falls as a sigmoid does. The steepest two or ten steps, which fastai's lr_find takes, are those
 * of the noise where batches are small. Null: it does not fall, or less than by chance.
 */
function halfwayDown(rates: Float64Array, losses: Float64Array, steps: number): number | null {
  const around = Math.max(1, Math.floor((steps * averagedShare) / 2));
  const width = 2 * around + 1;
  const first = 2 * width;
  if (rates.length < first + width) return null;
  const means = Array.from({ length: rates.length - 2 * around }, (_, at) => meanOf(losses.subarray(at, at + width)));
  const before = meanOf(losses.subarray(0, first));
  const lowest = means.reduce((least, mean, at) => (at > width && mean < means[least]! ? at : least), width);
  const fall = before - means[lowest]!;
  const noise = meanOf(losses.subarray(0, first).map((loss) => (loss - before) ** 2)) / (first - 1);
  if (!(fall > leastErrors * Math.sqrt(noise * (1 + first / width))) || !(fall > 0)) return null;
  const from = means.slice(0, lowest).findLastIndex((mean) => mean >= before - fall / 2);
  return rates[Math.max(from, 0) + around]!;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

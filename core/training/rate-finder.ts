/**
 * The search for a learning rate: some steps with ever higher rates, the loss looked at (Smith 2017, "Cyclical learning
 * rates for training neural networks", section 3.3). Smoothing, cut-off and suggestion are those of fastai's lr_find.
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
  /** Null: the loss never fell. */
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
  return { ...found, rates: taken, suggestion: steepestDescent(taken, found.smoothed, rates.length) };
}

/** Of the steps asked for, the first tenth, when the mean is still of few, and the last five taken, when it breaks up. */
function steepestDescent(rates: Float64Array, smoothed: Float64Array, steps: number): number | null {
  let steepest = 0;
  let suggestion: number | null = null;
  for (let step = Math.floor(steps / 10); step + 1 < rates.length - 5; step++) {
    const slope = (smoothed[step + 1]! - smoothed[step]!) / Math.log(rates[step + 1]! / rates[step]!);
    if (slope < steepest) {
      steepest = slope;
      suggestion = rates[step]!;
    }
  }
  return suggestion;
}

import type { Point } from '../../ui/chart/series.ts';

/** What an epoch consists of, in optimizer steps. */
export interface EpochSize {
  readonly steps: number;
  /** Whole batches that the samples fill: below `steps` where the last batch is not full. */
  readonly fullSteps: number;
}

export interface RunningMean {
  readonly points: readonly Point[];
  /** Steps that each point averages over; more where the engine reported less often. */
  readonly steps: number;
}

/** Of an epoch, but never fewer steps than this many: single steps are noise. */
const windowOfEpoch = 1 / 20;
const fewestSteps = 10;

export function epochSize(
  steps: number | null | undefined,
  samples: number | null | undefined,
  batch: number | null | undefined,
): EpochSize {
  const known = steps ?? 0;
  const full = samples && batch ? samples / batch : known;
  return { steps: known, fullSteps: full > known - 1 && full < known ? full : known };
}

/**
 * The mean over a window that moves with the training. The engine reports `means`, each over its epoch so far, which
 * fall off a cliff where an epoch ends; two of them give the mean of the steps between. `epochMeans` stand at the ends
 * of whole epochs and fill in where the last step's report was thinned out.
 */
export function runningMean(means: readonly Point[], epochMeans: readonly Point[], size: EpochSize): RunningMean {
  const knots = sumsOf(means, epochMeans, size);
  const steps = windowSteps(knots, size);
  const window = size.steps === 0 ? windowOfEpoch : steps / size.steps;
  let before = 0;
  const points = knots.slice(1).map(({ at, x, sum }) => {
    const from = Math.max(knots[0]!.at, at - window);
    while (knots[before + 1]!.at <= from) before++;
    const [one, next] = [knots[before]!, knots[before + 1]!];
    const sumBefore = one.sum + ((next.sum - one.sum) * (from - one.at)) / (next.at - one.at);
    return { x, y: (sum - sumBefore) / (at - from) };
  });
  return { points, steps };
}

/** `at` counts epochs by samples, `x` by steps; `sum` is the integral of the figure from the first knot. */
interface Knot {
  readonly at: number;
  readonly x: number;
  readonly sum: number;
}

function sumsOf(means: readonly Point[], epochMeans: readonly Point[], { steps, fullSteps }: EpochSize): Knot[] {
  const first = Math.min(means[0]?.x ?? Infinity, epochMeans[0]?.x ?? Infinity);
  if (first === Infinity) return [{ at: 0, x: 0, sum: 0 }];
  let epoch = epochOf(first);
  let sumOfEpochs = 0;
  const knots: Knot[] = [{ at: epoch, x: epoch, sum: 0 }];
  for (const { x, y } of merged(means, epochMeans)) {
    while (epoch < epochOf(x)) {
      // The rest of an epoch of which no later report is known went on as before.
      const end = epoch + 1;
      const last = knots.at(-1)!;
      const done = last.at - epoch;
      sumOfEpochs = done > 0 ? sumOfEpochs + (last.sum - sumOfEpochs) / done : sumOfEpochs + y;
      epoch = end;
      if (last.at < end) knots.push({ at: end, x: end, sum: sumOfEpochs });
    }
    const done = Math.min(1, ((x - epoch) * steps) / fullSteps || x - epoch);
    knots.push({ at: epoch + done, x, sum: sumOfEpochs + y * done });
  }
  return knots.filter(({ at }, index) => index === 0 || at > knots[index - 1]!.at);
}

/** From 0; the end of an epoch belongs to it. */
function epochOf(x: number): number {
  return Math.max(0, Math.ceil(x - 1e-9) - 1);
}

/** In rising order; where both have an epoch's end, the mean of the whole epoch counts. */
function merged(means: readonly Point[], epochMeans: readonly Point[]): readonly Point[] {
  const ends = new Set(epochMeans.map(({ x }) => x));
  return [...means.filter(({ x }) => !ends.has(x)), ...epochMeans].toSorted((one, other) => one.x - other.x);
}

/** A round number of steps that most reports lie within. */
function windowSteps(knots: readonly Knot[], { steps }: EpochSize): number {
  if (steps === 0) return 0;
  const gaps = knots.slice(1).map(({ x }, index) => (x - knots[index]!.x) * steps);
  const usual = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length * 0.9)] ?? 0;
  return Math.min(steps, roundUp(Math.max(fewestSteps, steps * windowOfEpoch, usual)));
}

/** 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * power).find((round) => round >= value - 1e-6)!;
}

/** 0…1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard deviations either side that hold 95 % of a normal distribution. */
const z = 1.959963984540054;

/**
 * Where a proportion lies with 95 % confidence, of `right` in `samples` (Wilson 1927). Unlike the usual plus-minus it
 * stays within 0…1 and means something at no errors at all. Null of no samples.
 */
export function wilsonInterval(right: number, samples: number): Interval | null {
  if (samples === 0) return null;
  const share = right / samples;
  const weight = z ** 2 / samples;
  const centre = (share + weight / 2) / (1 + weight);
  const reach = (z * Math.sqrt((share * (1 - share)) / samples + weight / (4 * samples))) / (1 + weight);
  // Rounding must not put the share itself outside.
  return { low: Math.max(0, Math.min(share, centre - reach)), high: Math.min(1, Math.max(share, centre + reach)) };
}

/** Through a function that grows. */
export function mapInterval(interval: Interval | null, map: (value: number) => number): Interval | null {
  return interval && { low: map(interval.low), high: map(interval.high) };
}

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

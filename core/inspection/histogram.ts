/** How many values lie in each of some stretches of equal length. */
export interface Histogram {
  readonly least: number;
  readonly most: number;
  readonly counts: readonly number[];
}

/** Of every `step`-th value from `first` on, between given ends; what lies beyond them is not counted. */
export function histogram(
  values: ArrayLike<number>,
  { first, step }: { readonly first: number; readonly step: number },
  { least, most }: { readonly least: number; readonly most: number },
  bins: number,
): Histogram {
  const counts = new Array<number>(bins).fill(0);
  const width = (most - least) / bins;
  for (let at = first; at < values.length; at += step) {
    const value = values[at]!;
    if (!(value >= least && value <= most)) continue;
    const bin = width === 0 ? 0 : Math.min(bins - 1, Math.floor((value - least) / width));
    counts[bin]! += 1;
  }
  return { least, most, counts };
}

/** Least and greatest of every `step`-th value; [0, 0] of none. */
export function endsOf(
  values: ArrayLike<number>,
  { first, step }: { readonly first: number; readonly step: number },
): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (let at = first; at < values.length; at += step) {
    least = Math.min(least, values[at]!);
    most = Math.max(most, values[at]!);
  }
  return least > most ? { least: 0, most: 0 } : { least, most };
}

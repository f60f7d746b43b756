/** The weights of the baselines by formula: the same numbers as `uniform` and `fill` in test/baselines/baseline.py. */

/** Element i is centre + spread · uniform, the centre negated at odd i if alternating. */
export type Fill = readonly [centre: number, spread: number, alternating: boolean];

/** In [-1, 1): a hash of the parameter's place in registration order and the element's place in the parameter. */
function uniform(ordinal: number, element: number): number {
  let hash = (Math.imul(element, 0x9e3779b1) + Math.imul(ordinal + 1, 0x85ebca77)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 2147483648 - 1;
}

export function filled(ordinal: number, count: number, [centre, spread, alternating]: Fill): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, element) => (alternating && element % 2 === 1 ? -centre : centre) + spread * uniform(ordinal, element),
  );
}

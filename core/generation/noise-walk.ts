/**
 * How to go from one noise to another: along the straight line, or over the sphere (White 2016, "Sampling generative
 * networks"), whose points are about as far from the middle as normally distributed noise is.
 */
export type WalkWay = 'spherical' | 'straight';

export interface NoiseWalk {
  readonly frames: number;
  readonly way: WalkWay;
}

/** Frames × samples × `size`, from `from` to `to`, each samples × `size`; there are two frames at least. */
export function noiseWalk(
  from: Float32Array,
  to: Float32Array,
  size: number,
  { frames, way }: NoiseWalk,
): Float32Array {
  const walk = new Float32Array(frames * from.length);
  for (let first = 0; first < from.length; first += size) {
    const [begin, end] = [from.subarray(first, first + size), to.subarray(first, first + size)];
    const angle = way === 'straight' ? 0 : angleBetween(begin, end);
    for (let frame = 0; frame < frames; frame++) {
      const [ofBegin, ofEnd] = shares(angle, frame / (frames - 1));
      for (let at = 0; at < size; at++) {
        walk[frame * from.length + first + at] = ofBegin * begin[at]! + ofEnd * end[at]!;
      }
    }
  }
  return walk;
}

/** Of both ends at `t` of 0…1. Where they all but point the same way, or away from each other, the sphere has no way of its own. */
function shares(angle: number, t: number): readonly [number, number] {
  const sine = Math.sin(angle);
  if (sine < 1e-6) return [1 - t, t];
  return [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
}

function angleBetween(a: Float32Array, b: Float32Array): number {
  const cosine = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  return Number.isFinite(cosine) ? Math.acos(Math.max(-1, Math.min(1, cosine))) : 0;
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}

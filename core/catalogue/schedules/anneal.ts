/** From `from` (done = 0) to `to` (done = 1), on a straight line or half a cosine. */
export function annealed(way: 'cosine' | 'linear', from: number, to: number, done: number): number {
  if (way === 'linear') return from + (to - from) * done;
  return to + ((from - to) * (1 + Math.cos(Math.PI * done))) / 2;
}

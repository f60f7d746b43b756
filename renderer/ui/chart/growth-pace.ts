/** Part of one core's time that drawing what has grown may take: a training beside it wants the rest. */
const share = 0.01;
/** Milliseconds between two drawings of what grows, where it is cheap. */
const least = 250;
/** However slow drawing is, nobody takes old lines for today's. */
const most = 10_000;

/** Milliseconds from the beginning of a round of drawing that took `cost` milliseconds to that of the next. */
export function paceOf(cost: number): number {
  return Math.min(Math.max(least, cost / share), most);
}

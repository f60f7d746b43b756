import { paceOf } from './growth-pace.ts';

const waiting = new Set<() => void>();
const growing = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
/** Of the last round of `growing`: when it began, and the milliseconds that its drawing took. */
let began = -Infinity;
let cost = 0;

/** Draws in one of the next frames, one chart a frame, so that several do not hold up the window together. */
export function drawSoon(draw: () => void): void {
  growing.delete(draw);
  waiting.add(draw);
  if (waiting.size === 1) requestAnimationFrame(drawNext);
}

/** Draws what nobody waits for, as often as its cost allows: the first time at once. */
export function drawGrowth(draw: () => void): void {
  if (waiting.has(draw)) return;
  growing.add(draw);
  timer ??= setTimeout(drawGrown, began + paceOf(cost) - performance.now());
}

export function forgetDrawing(draw: () => void): void {
  waiting.delete(draw);
  growing.delete(draw);
}

function drawGrown(): void {
  timer = undefined;
  began = performance.now();
  cost = 0;
  for (const draw of [...growing]) {
    drawSoon(draw);
  }
}

function drawNext(): void {
  const [draw] = waiting;
  if (draw === undefined) return;
  const start = performance.now();
  draw();
  cost += performance.now() - start;
  waiting.delete(draw);
  if (waiting.size > 0) requestAnimationFrame(drawNext);
}

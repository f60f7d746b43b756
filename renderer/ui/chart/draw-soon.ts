const waiting = new Set<() => void>();

/** Draws in one of the next frames, one chart a frame, so that several do not hold up the window together. */
export function drawSoon(draw: () => void): void {
  waiting.add(draw);
  if (waiting.size === 1) requestAnimationFrame(drawNext);
}

export function forgetDrawing(draw: () => void): void {
  waiting.delete(draw);
}

function drawNext(): void {
  const [draw] = waiting;
  if (draw === undefined) return;
  draw();
  waiting.delete(draw);
  if (waiting.size > 0) requestAnimationFrame(drawNext);
}

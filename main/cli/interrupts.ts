/** A second interrupt this soon after the first is the same key press: npm and the terminal both pass it on. Milliseconds. */
const samePress = 500;

export interface InterruptHandlers {
  readonly first: () => void;
  readonly second: () => void;
}

/** Calls the handlers at the first and the second Ctrl+C (or a request of the system to end). Returns how to stop listening. */
export function onInterrupt(handlers: InterruptHandlers): () => void {
  let firstAt: number | null = null;
  const listener = (): void => {
    if (firstAt === null) {
      firstAt = performance.now();
      handlers.first();
    } else if (performance.now() - firstAt > samePress) {
      handlers.second();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

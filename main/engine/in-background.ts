import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Leaves the processor to whoever else wants it. On Linux a priority is a thread's own, and new threads take that of
 * the one that makes them: each that is there already is asked (setpriority(2), "C library/kernel differences").
 */
export function goToBackground(): void {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [process.pid];
  for (const thread of threads) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // A thread that has ended meanwhile.
    }
  }
}

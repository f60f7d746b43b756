import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

/** How many threads libtorch computes with by default: the cores open to us, counting two hardware threads of one core once. */
export async function defaultThreads(): Promise<number> {
  const active = await readFile('/sys/devices/system/cpu/smt/active', 'utf8').catch(() => '0');
  const available = availableParallelism();
  return active.trim() === '1' ? Math.max(1, Math.floor(available / 2)) : available;
}

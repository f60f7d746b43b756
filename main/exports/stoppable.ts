import type { EngineJob, EngineResults } from '../engine/messages.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { fail } from '../failures.ts';

/** Has an engine process do a part of an export. Where that is stopped, the process ends at once: it keeps nothing. */
export async function runUntilStopped<Job extends EngineJob>(
  job: Job,
  stop: AbortSignal,
  openEngine?: OpenEngine,
): Promise<EngineResults[Job['kind']]> {
  refuseStopped(stop);
  const run = runInEngine(job, undefined, openEngine?.());
  const kill = (): void => run.kill();
  stop.addEventListener('abort', kill);
  try {
    return await run.result;
  } finally {
    stop.removeEventListener('abort', kill);
  }
}

export function refuseStopped(stop: AbortSignal): void {
  if (stop.aborted) fail('unavailable', 'The export was stopped and its files were removed.');
}

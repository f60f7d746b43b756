import type { Addon, EngineSession } from '../engine/addon.ts';
import { goToBackground } from '../engine/in-background.ts';
import { openSession } from '../engine/open-session.ts';
import type { PredictionJob } from '../engine/messages.ts';
import { fail } from '../failures.ts';
import type { KeptPredictions } from './stored-predictions.ts';

/** In the engine process: works with the network of a checkpoint, then frees it. */
export async function withCheckpoint<T>(
  job: Pick<PredictionJob, 'plan' | 'checkpoint'>,
  addon: Addon,
  stop: AbortSignal,
  work: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(addon, job.plan);
  const interrupt = (): void => session.interrupt();
  stop.addEventListener('abort', interrupt);
  try {
    await session.loadCheckpoint(job.checkpoint);
    if (stop.aborted) fail('unavailable', 'The evaluation was stopped.');
    return await work(session);
  } finally {
    stop.removeEventListener('abort', interrupt);
    await session.close();
  }
}

/** What the network of a checkpoint says of every sample of a split. */
export function predictSplit(job: PredictionJob, addon: Addon, stop: AbortSignal): Promise<KeptPredictions> {
  if (job.isInBackground) goToBackground();
  return withCheckpoint(job, addon, stop, async (session) => ({
    ...(await session.predict(job.split, job.weights)),
    ...(await averagedOverViews(job, session)),
  }));
}

async function averagedOverViews(
  { split, views, weights }: PredictionJob,
  session: EngineSession,
): Promise<Pick<KeptPredictions, 'averaged'>> {
  if (views.length === 0) return {};
  const numbers = Int32Array.from(views.flatMap(({ isFlipped, shiftY, shiftX }) => [+isFlipped, shiftY, shiftX]));
  return { averaged: await session.predictViews(split, numbers, weights) };
}

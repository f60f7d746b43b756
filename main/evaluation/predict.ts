import type { Addon, EngineSession, Weights } from '../engine/addon.ts';
import type { JudgedTestSet, MismatchesJob, PredictionJob } from '../engine/messages.ts';
import { fail } from '../failures.ts';
import { judgements } from './confusion.ts';

/** In the engine process: works with the network of a checkpoint, then frees it. */
export async function withCheckpoint<T>(
  job: Pick<PredictionJob | MismatchesJob, 'plan' | 'checkpoint'>,
  addon: Addon,
  stop: AbortSignal,
  work: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const session = await addon.createSession(JSON.stringify(job.plan));
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

/** The average, where there is one and nothing else is asked for. */
export function weightsToJudge(session: EngineSession, wanted: Weights | undefined): Weights {
  return wanted ?? (session.describe().hasAverage ? 'averaged' : 'last');
}

/** What the network of a checkpoint says of every test image. */
export function predictTestSet(job: PredictionJob, addon: Addon, stop: AbortSignal): Promise<JudgedTestSet> {
  return withCheckpoint(job, addon, stop, async (session) => {
    const weights = weightsToJudge(session, job.weights);
    const predictions = { ...(await session.predict('test', weights)), weights };
    const views = Int32Array.from(job.views.flatMap(({ isFlipped, shiftY, shiftX }) => [+isFlipped, shiftY, shiftX]));
    const averaged = views.length === 0 ? null : await session.predictViews('test', views, weights);
    if (!job.withMismatches || predictions.targets !== null) return { ...predictions, averaged, mismatches: null };
    const predicted = judgements(predictions.probabilities, predictions.classes);
    const indices = Int32Array.from(predicted.keys()).filter((index) => predicted[index] !== predictions.labels[index]);
    return { ...predictions, averaged, mismatches: { indices, pixels: await session.images('test', indices) } };
  });
}

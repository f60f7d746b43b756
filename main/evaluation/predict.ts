import { fail } from '../failures.ts';
import type { Addon } from '../engine/addon.ts';
import type { JudgedTestSet, PredictionJob } from '../engine/messages.ts';
import { judgements } from './confusion.ts';

/** In the engine process: what the network of a checkpoint says of every test image. */
export async function predictTestSet(job: PredictionJob, addon: Addon, stop: AbortSignal): Promise<JudgedTestSet> {
  const session = await addon.createSession(JSON.stringify(job.plan));
  const interrupt = (): void => session.interrupt();
  stop.addEventListener('abort', interrupt);
  try {
    await session.loadCheckpoint(job.checkpoint);
    if (stop.aborted) fail('unavailable', 'The evaluation was stopped.');
    const predictions = await session.predict('test');
    if (!job.withMismatches) return { ...predictions, mismatches: null };
    const predicted = judgements(predictions.probabilities, predictions.classes);
    const indices = Int32Array.from(predicted.keys()).filter((index) => predicted[index] !== predictions.labels[index]);
    return { ...predictions, mismatches: { indices, pixels: await session.images('test', indices) } };
  } finally {
    stop.removeEventListener('abort', interrupt);
    await session.close();
  }
}

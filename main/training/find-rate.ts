import { lossSmoothing, sweepRates, withSuggestion } from '../../core/training/rate-finder.ts';
import type { RateFinding } from '../../core/training/rate-finder.ts';
import { untrainedGroups } from '../../core/training/group-rates.ts';
import type { Addon } from '../engine/addon.ts';
import type { FindRateJob, TrainingReport } from '../engine/messages.ts';
import { readMetadata } from './checkpoint-metadata.ts';

/** In the engine process: the sweep over learning rates. When it is stopped, what was found until then is the answer. */
export async function findRate(
  job: FindRateJob,
  addon: Addon,
  stop: AbortSignal,
  report: (report: TrainingReport) => void,
): Promise<RateFinding> {
  const session = await addon.createSession(JSON.stringify(job.plan));
  const interrupt = (): void => session.interrupt();
  stop.addEventListener('abort', interrupt);
  try {
    const { checkpoint, plan } = job;
    const epochsDone =
      checkpoint === null ? 0 : readMetadata(await session.loadCheckpoint(checkpoint), checkpoint).epoch;
    if (stop.aborted) session.interrupt();
    const learningRates = sweepRates(job.sweep);
    const groupRates = untrainedGroups(plan.training.optimizer, epochsDone);
    const request = { learningRates, groupRates, smoothing: lossSmoothing, cutOff: job.sweep.cutOff };
    const found = await session.findRate(request, (so) =>
      report({ type: 'rateFinding', finding: withSuggestion(learningRates, so) }),
    );
    return withSuggestion(learningRates, found);
  } finally {
    stop.removeEventListener('abort', interrupt);
    await session.close();
  }
}

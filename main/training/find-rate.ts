import { lossSmoothing, sweepRates, withSuggestion } from '../../core/training/rate-finder.ts';
import type { RateFinding } from '../../core/training/rate-finder.ts';
import type { Addon } from '../engine/addon.ts';
import type { FindRateJob, TrainingReport } from '../engine/messages.ts';

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
    if (job.checkpoint !== null) await session.loadCheckpoint(job.checkpoint);
    if (stop.aborted) session.interrupt();
    const learningRates = sweepRates(job.sweep);
    const found = await session.findRate({ learningRates, smoothing: lossSmoothing, cutOff: job.sweep.cutOff }, (so) =>
      report({ type: 'rateFinding', finding: withSuggestion(learningRates, so) }),
    );
    return withSuggestion(learningRates, found);
  } finally {
    stop.removeEventListener('abort', interrupt);
    await session.close();
  }
}

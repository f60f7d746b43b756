import { FailureError } from '../../core/failure.ts';
import { onInterrupt } from './interrupts.ts';

/** Works until it is done, or ends it at Ctrl+C in good order; a second Ctrl+C does not wait for that. */
export async function untilInterrupted<Outcome>(
  sentence: string,
  work: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const controller = new AbortController();
  const stop = onInterrupt({
    first: () => controller.abort(new FailureError({ code: 'cancelled', message: sentence })),
    second: () => process.exit(130),
  });
  try {
    return await work(controller.signal);
  } finally {
    stop();
  }
}

import { reportUnexpected } from '../unexpected-error.ts';

/**
 * Runs the work of one request, upgrade or message. Whatever it throws, now or later, ends that work alone: `onThrown`
 * refuses the client, and the details of the error are kept in a file.
 */
export function guardRequest(work: () => void | Promise<void>, onThrown: () => void): void {
  const refuse = (error: unknown): void => {
    void reportUnexpected(error);
    try {
      onThrown();
    } catch {
      // The client is gone.
    }
  };
  try {
    work()?.catch(refuse);
  } catch (error) {
    refuse(error);
  }
}

import { FailureError } from '../failure.ts';
import type { Failure } from '../failure.ts';

/** What each of the checks refuses. */
export function failuresOf(checks: readonly (() => unknown)[]): readonly Failure[] {
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof FailureError) return [error.failure];
      throw error;
    }
  });
}

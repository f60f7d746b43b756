import type { Failure } from './failure.ts';

/** What could not be done, each with its address; at least one. */
export interface Failed {
  readonly ok: false;
  readonly failures: readonly Failure[];
}

export function failed(...failures: readonly Failure[]): Failed {
  return { ok: false, failures };
}

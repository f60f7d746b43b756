import type { Failure } from '../failure.ts';

/** Type of one call: what it is given and what it answers. */
export interface Call<Argument, Result> {
  readonly argument: Argument;
  readonly result: Result;
}

/** How an answer travels: the same over Electron's channels and a WebSocket. */
export type Answer<Result = unknown> =
  { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly failure: Failure };

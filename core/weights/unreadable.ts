import { FailureError } from '../failure.ts';

/** `what`: the kind of file that it is not; `why` ends the sentence. */
export function unreadable(what: string, why: string): FailureError {
  return new FailureError({
    code: 'badData',
    message: `This is not a readable ${what}: ${why}.`,
    advice: 'It may be cut off or of another kind: fetch or save it anew.',
  });
}

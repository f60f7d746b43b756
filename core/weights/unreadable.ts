import { FailureError } from '../failure.ts';

/** `what`: the kind of file that it is not; `why` ends the sentence. */
export function unreadable(
  what: string,
  why: string,
  advice = 'The file may be truncated or of another format. Download or save it again.',
): FailureError {
  return new FailureError({ code: 'badData', message: `This is not a readable ${what}: ${why}.`, advice });
}

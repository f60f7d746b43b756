import { FailureError } from '../failure.ts';

/** A word of a typed line that cannot be what stands there. */
export class RefusedWord extends FailureError {
  readonly word: string;
  constructor(word: string, message: string) {
    super({ code: 'badNetwork', message });
    this.word = word;
  }
}

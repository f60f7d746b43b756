/** Thrown by a catalogue rule that cannot be met; whoever knows the place in the project makes a Failure of it. */
export class Refusal extends Error {
  /** The option to blame, if one is. */
  readonly option: string | undefined;
  constructor(sentence: string, option?: string) {
    super(sentence);
    this.name = 'Refusal';
    this.option = option;
  }
}

/** Runs a rule; a Refusal of it that names no option blames this one. */
export function blaming<Result>(option: string, rule: () => Result): Result {
  try {
    return rule();
  } catch (error) {
    if (error instanceof Refusal && error.option === undefined) throw new Refusal(error.message, option);
    throw error;
  }
}

/** `sentence` goes on from the module's name: "expects 64 channels but receives 128". */
export function refuse(sentence: string, option?: string): never {
  throw new Refusal(sentence, option);
}

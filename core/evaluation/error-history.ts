/** What was said of every sample of the test set after the epochs of a training, in their order. */
export interface ErrorHistory {
  readonly epochs: readonly number[];
  /** One a sample, for each epoch. */
  readonly predicted: readonly Uint16Array[];
}

export interface EpochErrors {
  readonly epoch: number;
  /** Of the history; null of its first one. */
  readonly before: number | null;
  /** Indices of samples wrong now. */
  readonly wrong: Int32Array;
  /** Wrong before, right now. */
  readonly fixed: Int32Array;
  /** Right before, wrong now. */
  readonly made: Int32Array;
}

/** What an epoch made better and worse, against the one before it in the history. */
export function epochErrors({ epochs, predicted }: ErrorHistory, place: number, labels: Int32Array): EpochErrors {
  const now = predicted[place]!;
  const before = predicted[place - 1];
  const indices = Int32Array.from(labels.keys());
  const isWrong = (of: Uint16Array, sample: number): boolean => of[sample] !== labels[sample];
  return {
    epoch: epochs[place]!,
    before: epochs[place - 1] ?? null,
    wrong: indices.filter((sample) => isWrong(now, sample)),
    fixed: indices.filter((sample) => before !== undefined && isWrong(before, sample) && !isWrong(now, sample)),
    made: indices.filter((sample) => before !== undefined && !isWrong(before, sample) && isWrong(now, sample)),
  };
}

interface WebPageFacts {
  readonly isAdversarial: boolean;
  /** Of a sample, or of what is generated. */
  readonly shape: readonly number[];
  /** Whether samples are stored as pixels, 0 to 255. */
  readonly isBytes: boolean;
  /** 0 of a regression. */
  readonly classes: number;
}

/** Whether the exported web page can show what a network does: it classifies images or generates them. */
export function suitsWebPage({ isAdversarial, shape, isBytes, classes }: WebPageFacts): boolean {
  if (shape.length !== 3 || (shape[0] !== 1 && shape[0] !== 3)) return false;
  return isAdversarial || (isBytes && classes > 0);
}

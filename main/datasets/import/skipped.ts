import type { SkippedSamples } from '../../../core/contract/data.ts';

const examplesKept = 5;

/** Gathers what an import left out and why, with a few examples of each reason. */
export class Skipped {
  readonly #reasons = new Map<string, { count: number; readonly examples: string[] }>();

  /** `where`: a file, or a line of one. */
  add(reason: string, where: string): void {
    const known = this.#reasons.get(reason) ?? { count: 0, examples: [] };
    known.count++;
    if (known.examples.length < examplesKept) known.examples.push(where);
    this.#reasons.set(reason, known);
  }

  /** The commonest reason first. */
  list(): readonly SkippedSamples[] {
    return [...this.#reasons]
      .map(([reason, { count, examples }]) => ({ reason, count, examples }))
      .sort((one, other) => other.count - one.count);
  }
}

import type { SkippedSamples } from '../../../core/contract/data.ts';

const examplesKept = 5;

interface Reason {
  count: number;
  readonly examples: string[];
}

/** Gathers what an import left out and why, with a few examples of each reason. */
export class Skipped {
  readonly #samples = new Map<string, Reason>();
  readonly #files = new Map<string, Reason>();

  /** `where`: a line or row of a file. */
  add(reason: string, where: string): void {
    note(this.#samples, reason, where);
  }

  /** A whole file, by its name below the source. */
  addFile(reason: string, name: string): void {
    note(this.#files, reason, name);
  }

  /** The commonest reason first. */
  list(): readonly SkippedSamples[] {
    const samples = [...this.#samples].map(([reason, { count, examples }]) => ({ reason, count, examples }));
    const files = [...this.#files].map(([reason, { count, examples }]) => ({ reason, count, examples, isFile: true }));
    return [...samples, ...files].sort((one, other) => other.count - one.count);
  }
}

function note(reasons: Map<string, Reason>, reason: string, where: string): void {
  const known = reasons.get(reason) ?? { count: 0, examples: [] };
  known.count++;
  if (known.examples.length < examplesKept) known.examples.push(where);
  reasons.set(reason, known);
}

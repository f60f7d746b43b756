import type { FileRole, FileUse } from '../../../core/contract/data.ts';
import type { Skipped } from './skipped.ts';

const examplesKept = 5;
/** As a report lists them. */
const roles: readonly FileRole[] = ['training', 'testing', 'divided', 'labels'];

/** Accounts for every file of a source: used as what, or left out and why. */
export class FileLedger {
  /** Files of which nothing is known yet. */
  readonly #open: Set<string>;
  readonly #uses = new Map<FileRole, { count: number; readonly examples: string[] }>();
  readonly #skipped: Skipped;

  constructor(names: Iterable<string>, skipped: Skipped) {
    this.#open = new Set(names);
    this.#skipped = skipped;
  }

  use(role: FileRole, name: string): void {
    if (!this.#open.delete(name)) return;
    const known = this.#uses.get(role) ?? { count: 0, examples: [] };
    known.count++;
    if (known.examples.length < examplesKept) known.examples.push(name);
    this.#uses.set(role, known);
  }

  leaveOut(reason: string, name: string): void {
    if (this.#open.delete(name)) this.#skipped.addFile(reason, name);
  }

  /** Leaves out what was neither used nor left out; after that every file is in the list or among what was skipped. */
  close(reasonOf: (name: string) => string): readonly FileUse[] {
    for (const name of [...this.#open]) this.leaveOut(reasonOf(name), name);
    return roles.flatMap((role) => {
      const used = this.#uses.get(role);
      return used === undefined ? [] : [{ role, ...used }];
    });
  }
}

import path from 'node:path';

/** Project files asked for from outside: double-clicked, or named on a command line. They wait until a window listens. */
export class OpenedFiles {
  #waiting: string[] = [];
  readonly #open: (file: string) => void;
  #isHeard = false;

  constructor(open: (file: string) => void) {
    this.#open = open;
  }

  ask(file: string): void {
    this.#waiting.push(file);
    if (this.#isHeard) this.heard();
  }

  askFromCommandLine(words: readonly string[], folder: string): void {
    const file = words.slice(1).find((word) => word.endsWith('.json') && !word.startsWith('-'));
    if (file !== undefined) this.ask(path.resolve(folder, file));
  }

  /** A window listens now. */
  heard(): void {
    this.#isHeard = true;
    for (const file of this.#waiting.splice(0)) this.#open(file);
  }

  /** The window is gone. */
  unheard(): void {
    this.#isHeard = false;
  }
}

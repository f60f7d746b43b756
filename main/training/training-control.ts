import type { TrainingChanges } from '../../core/training/events.ts';

/** What the user wants of a training under way. The training loop looks at it between steps. */
export class TrainingControl {
  readonly stop: AbortSignal;
  /** Images to report after each epoch of those that the network gets wrong; 0: none. */
  mismatchesWanted = 0;
  readonly #interrupts = new Set<() => void>();
  #isPauseWanted = false;
  #goOn: ((changes: TrainingChanges) => void) | null = null;

  constructor(stop: AbortSignal) {
    this.stop = stop;
    stop.addEventListener('abort', () => this.#interrupt());
  }

  /** Whether the loop should leave what it is doing. */
  get isInterrupted(): boolean {
    return this.stop.aborted || this.#isPauseWanted;
  }

  get isPauseWanted(): boolean {
    return this.#isPauseWanted;
  }

  /** `listener` makes the engine's step the last one. Returns how to stop listening. */
  onInterrupt(listener: () => void): () => void {
    this.#interrupts.add(listener);
    return () => void this.#interrupts.delete(listener);
  }

  pause(): void {
    this.#isPauseWanted = true;
    this.#interrupt();
  }

  continue(changes: TrainingChanges): void {
    this.#isPauseWanted = false;
    this.#goOn?.(changes);
  }

  /** For a paused loop. Null: not to go on but to stop. */
  async waitToContinue(): Promise<TrainingChanges | null> {
    if (this.stop.aborted) return null;
    // Continued before the pause was reached.
    if (!this.#isPauseWanted) return {};
    return new Promise((resolve) => {
      this.#goOn = resolve;
      this.stop.addEventListener('abort', () => resolve(null), { once: true });
    });
  }

  #interrupt(): void {
    for (const interrupt of this.#interrupts) interrupt();
  }
}

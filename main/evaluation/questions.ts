import type { LookQuestion } from '../../core/contract/look.ts';

export interface NumberedQuestion {
  readonly id: number;
  readonly question: LookQuestion;
}

/** What an engine that stays open was asked and has not answered yet. */
export class Questions {
  readonly #waiting: NumberedQuestion[] = [];
  #wake: () => void = () => undefined;

  add(question: NumberedQuestion): void {
    this.#waiting.push(question);
    this.#wake();
  }

  take(): NumberedQuestion | undefined {
    return this.#waiting.shift();
  }

  /** Until something is asked, or never again. */
  async wait(stop: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0 || stop.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#wake = () => undefined;
  }
}

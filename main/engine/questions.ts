export interface NumberedQuestion<Question> {
  readonly id: number;
  readonly question: Question;
}

/** What an engine that stays open was asked and has not answered yet. */
export class Questions<Question> {
  readonly #waiting: NumberedQuestion<Question>[] = [];
  #wake: () => void = () => undefined;

  add(question: NumberedQuestion<Question>): void {
    this.#waiting.push(question);
    this.#wake();
  }

  take(): NumberedQuestion<Question> | undefined {
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

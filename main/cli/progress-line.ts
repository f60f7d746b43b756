/** The one line at the bottom of a terminal that is written over; without a terminal, a plain line now and then. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #isShown = false;
  #lastPlain = performance.now();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (this.#stream.isTTY) {
      const width = (this.#stream.columns || 80) - 1;
      this.#stream.write(`\r\x1b[2K${text.slice(0, width)}`);
      this.#isShown = true;
      return;
    }
    // A log wants a sign of life, not ten lines a second.
    if (performance.now() - this.#lastPlain < 30_000) return;
    this.#lastPlain = performance.now();
    this.#stream.write(`${text}\n`);
  }

  /** Makes room for lines that stay. */
  clear(): void {
    if (!this.#isShown) return;
    this.#stream.write('\r\x1b[2K');
    this.#isShown = false;
  }
}

/** `━━━━━━╺─────` of a given width. */
export function bar(fraction: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return '━'.repeat(full) + '─'.repeat(width - full);
}

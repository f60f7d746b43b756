import { elementCount } from '../../../core/catalogue/shape.ts';

/** Least and greatest value of each channel, gathered sample by sample. */
export class ChannelRange {
  readonly #perChannel: number;
  readonly #least: Float64Array;
  readonly #most: Float64Array;

  constructor(inputShape: readonly number[]) {
    const channels = inputShape[0] ?? 1;
    this.#perChannel = elementCount(inputShape.slice(1));
    this.#least = new Float64Array(channels).fill(Infinity);
    this.#most = new Float64Array(channels).fill(-Infinity);
  }

  add(input: Uint8Array | Float32Array): void {
    for (let channel = 0; channel < this.#least.length; channel++) {
      let least = this.#least[channel]!;
      let most = this.#most[channel]!;
      const end = (channel + 1) * this.#perChannel;
      for (let at = channel * this.#perChannel; at < end; at++) {
        const value = input[at]!;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      this.#least[channel] = least;
      this.#most[channel] = most;
    }
  }

  /** Divided by `unit` (255 for bytes). */
  result(unit: number): { readonly least: readonly number[]; readonly most: readonly number[] } {
    const each = (values: Float64Array): readonly number[] =>
      Array.from(values, (value) => (Number.isFinite(value) ? value / unit : 0));
    return { least: each(this.#least), most: each(this.#most) };
  }
}

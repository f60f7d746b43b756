import { elementCount } from '../../../core/catalogue/shape.ts';

/** Mean and deviation of the values of each channel, gathered sample by sample. */
export class Statistics {
  readonly #channels: number;
  readonly #perChannel: number;
  /** Sums are of differences from a channel's first value, so that a small deviation of large values is not lost. */
  readonly #first: Float64Array;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #samples = 0;

  constructor(inputShape: readonly number[]) {
    this.#channels = inputShape[0] ?? 1;
    this.#perChannel = elementCount(inputShape.slice(1));
    this.#first = new Float64Array(this.#channels);
    this.#sums = new Float64Array(this.#channels);
    this.#squares = new Float64Array(this.#channels);
  }

  add(input: Uint8Array | Float32Array | Float64Array): void {
    for (let channel = 0; channel < this.#channels; channel++) {
      const start = channel * this.#perChannel;
      if (this.#samples === 0) this.#first[channel] = input[start] ?? 0;
      const first = this.#first[channel]!;
      let sum = 0;
      let squares = 0;
      for (let index = start; index < start + this.#perChannel; index++) {
        const difference = input[index]! - first;
        sum += difference;
        squares += difference * difference;
      }
      this.#sums[channel]! += sum;
      this.#squares[channel]! += squares;
    }
    this.#samples++;
  }

  /** Of the population, divided by `unit` (255 for bytes). */
  result(unit: number): { readonly mean: readonly number[]; readonly std: readonly number[] } {
    const count = Math.max(1, this.#samples * this.#perChannel);
    const means = Array.from(this.#sums, (sum) => sum / count);
    return {
      mean: means.map((mean, channel) => (this.#first[channel]! + mean) / unit),
      std: means.map((mean, channel) => Math.sqrt(Math.max(0, this.#squares[channel]! / count - mean * mean)) / unit),
    };
  }
}

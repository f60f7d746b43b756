/**
 * Numbers far from zero that differ little, such as times of one day in seconds since 1970, are all the same in the 32
 * bits that are stored. Such columns are stored as differences from an origin, which is found here sample by sample.
 */
export class Origins {
  readonly #first: Float64Array;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly #most: Float64Array;
  #samples = 0;

  constructor(columns: number) {
    this.#first = new Float64Array(columns);
    this.#sums = new Float64Array(columns);
    this.#squares = new Float64Array(columns);
    this.#most = new Float64Array(columns);
  }

  add(input: Float64Array): void {
    if (this.#samples === 0) this.#first.set(input);
    for (const [column, value] of input.entries()) {
      const difference = value - this.#first[column]!;
      this.#sums[column]! += difference;
      this.#squares[column]! += difference * difference;
      this.#most[column] = Math.max(this.#most[column]!, Math.abs(value));
    }
    this.#samples++;
  }

  /** To be subtracted from each column before it is stored; nothing where 32 bits are enough for all of them. */
  result(): { readonly origins?: readonly number[] } {
    const origins = Array.from(this.#first, (first, column) => {
      const mean = this.#sums[column]! / this.#samples;
      const deviation = Math.sqrt(Math.max(0, this.#squares[column]! / this.#samples - mean * mean));
      if (this.#most[column]! <= deviations * deviation) return 0;
      return deviation === 0 && Math.fround(first) === first ? 0 : first;
    });
    return origins.every((origin) => origin === 0) ? {} : { origins };
  }
}

/** A number of so many deviations keeps 14 of the 24 binary digits that float32 has for the differences. */
const deviations = 1024;

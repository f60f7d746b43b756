/** Cells along each side of a coarse picture. */
const side = 8;

/** Numbers of a coarse picture. */
export const coarseLength = side * side;

/**
 * A picture as 64 numbers, the coarsest first, whose Euclidean distance to those of another is never greater than the
 * root mean square difference of the two pictures, each of mean 0 and deviation 1: means of 8 × 8 cells over all
 * channels, each weighted by the root of its share of the picture (to average is a projection), turned by the
 * orthonormal cosine transform, which keeps lengths and puts what differs most to the front.
 */
export class CoarsePictures {
  readonly #inputShape: readonly number[];
  readonly #rowCell: Uint8Array;
  readonly #columnCell: Uint8Array;
  readonly #weights: Float64Array;
  readonly #cells = new Float64Array(coarseLength);
  readonly #turned = new Float64Array(coarseLength);

  /** `inputShape`: [channels, height, width]. */
  constructor(inputShape: readonly number[]) {
    const [, height = 1, width = 1] = inputShape;
    this.#inputShape = inputShape;
    this.#rowCell = cellsAlong(height);
    this.#columnCell = cellsAlong(width);
    const pixels = new Float64Array(coarseLength);
    for (const row of this.#rowCell) for (const column of this.#columnCell) pixels[row * side + column]! += 1;
    // A sum over a cell times this is its mean times the root of its share.
    this.#weights = pixels.map((count) => (count === 0 ? 0 : 1 / Math.sqrt(count * height * width)));
  }

  /**
   * Writes the numbers of one picture, whose pixels begin at `from`, to `target` at `to`. `mean` and `deviation`: of all
   * its pixels.
   */
  write(
    pixels: Uint8Array,
    from: number,
    { mean, deviation }: { readonly mean: number; readonly deviation: number },
    target: Float32Array,
    to: number,
  ): void {
    const [channels = 1, height = 1, width = 1] = this.#inputShape;
    const cells = this.#cells.fill(0);
    let at = from;
    for (let channel = 0; channel < channels; channel++) {
      for (let row = 0; row < height; row++) {
        const start = this.#rowCell[row]! * side;
        for (let column = 0; column < width; column++)
          cells[start + this.#columnCell[column]!]! += pixels[at++]! - mean;
      }
    }
    for (let cell = 0; cell < coarseLength; cell++) cells[cell]! *= this.#weights[cell]! / (channels * deviation);
    this.#turn(target, to);
  }

  #turn(target: Float32Array, to: number): void {
    for (let row = 0; row < side; row++) {
      for (let wave = 0; wave < side; wave++) {
        let sum = 0;
        for (let column = 0; column < side; column++)
          sum += cosines[wave * side + column]! * this.#cells[row * side + column]!;
        this.#turned[row * side + wave] = sum;
      }
    }
    for (let wave = 0; wave < side; wave++) {
      for (let column = 0; column < side; column++) {
        let sum = 0;
        for (let row = 0; row < side; row++) sum += cosines[wave * side + row]! * this.#turned[row * side + column]!;
        target[to + placeOf[wave * side + column]!] = sum;
      }
    }
  }
}

function cellsAlong(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Math.floor((at * side) / size));
}

/** The cosine transform of second kind, waves × places, orthonormal. */
const cosines = Float64Array.from({ length: coarseLength }, (_, at) => {
  const [wave, place] = [Math.floor(at / side), at % side];
  return Math.sqrt((wave === 0 ? 1 : 2) / side) * Math.cos((Math.PI * (place + 0.5) * wave) / side);
});

/** Where each pair of waves stands, the slowest first. */
const placeOf = Uint8Array.from({ length: coarseLength });
Array.from({ length: coarseLength }, (_, at) => at)
  .sort((one, other) => frequency(one) - frequency(other) || one - other)
  .forEach((at, place) => (placeOf[at] = place));

function frequency(at: number): number {
  return Math.floor(at / side) + (at % side);
}

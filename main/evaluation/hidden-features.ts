import type { SampleTensor } from '../../core/export/subject.ts';

/** Bytes for the features of training images. */
const mostBytes = 256 * 2 ** 20;
/** Milliseconds that a question may have to wait for the images that are being looked at. */
const longestWait = 150;
const mostAtOnce = 256;

export interface FeatureSource {
  /** Training images. */
  readonly images: number;
  /** What the last hidden layer makes of some of them, images × features. */
  of(indices: Int32Array): Promise<SampleTensor>;
}

/** Training images by what the last hidden layer makes of them: looked at in random order, as time allows. */
export class HiddenFeatures {
  readonly #source: FeatureSource;
  readonly #order: Int32Array;
  /** Of length one, images × features, in the order above. */
  #rows = new Float32Array(0);
  #features = 0;
  #atOnce = 8;
  #most: number;
  #among = 0;

  constructor(source: FeatureSource) {
    this.#source = source;
    this.#order = shuffled(source.images);
    this.#most = source.images;
  }

  get among(): number {
    return this.#among;
  }

  get features(): number {
    return this.#features;
  }

  /** As many as there is memory for. */
  get most(): number {
    return this.#most;
  }

  get isWhole(): boolean {
    return this.#among === this.#most;
  }

  /** Looks at some more. */
  async advance(): Promise<void> {
    const indices = this.#order.slice(this.#among, Math.min(this.#among + this.#atOnce, this.#most));
    if (indices.length === 0) return;
    const begun = performance.now();
    const { data } = await this.#source.of(indices);
    if (this.#features === 0) this.#begin(data.length / indices.length);
    const fitting = Math.min(indices.length, this.#most - this.#among);
    for (let place = 0; place < fitting; place++) {
      const row = data.subarray(place * this.#features, (place + 1) * this.#features);
      this.#rows.set(ofLengthOne(row), (this.#among + place) * this.#features);
    }
    this.#among += fitting;
    const share = longestWait / Math.max(1, performance.now() - begun);
    this.#atOnce = Math.max(1, Math.min(mostAtOnce, Math.floor(this.#atOnce * Math.min(2, share))));
  }

  /** The nearest ones to a sample's features by cosine distance, nearest first. */
  nearest(sample: Float32Array, count: number): readonly { readonly index: number; readonly distance: number }[] {
    const direction = ofLengthOne(sample);
    const found: { index: number; distance: number }[] = [];
    for (let place = 0; place < this.#among; place++) {
      const distance = 1 - product(this.#rows, place * this.#features, direction);
      const last = found.at(-1);
      if (found.length === count && last !== undefined && distance >= last.distance) continue;
      if (found.length === count) found.pop();
      const before = found.findIndex((other) => other.distance > distance);
      found.splice(before < 0 ? found.length : before, 0, { index: this.#order[place]!, distance });
    }
    return found;
  }

  #begin(features: number): void {
    this.#features = features;
    this.#most = Math.min(this.#source.images, Math.floor(mostBytes / (4 * Math.max(1, features))));
    this.#rows = new Float32Array(this.#most * features);
  }
}

function ofLengthOne(row: Float32Array): Float32Array {
  const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? row : row.map((value) => value / length);
}

function product(rows: Float32Array, from: number, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < other.length; at++) sum += rows[from + at]! * other[at]!;
  return sum;
}

/** Fisher and Yates. */
function shuffled(count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

import { workbench } from '../../app/workbench.ts';
import { imageOf } from '../../ui/image-of.ts';

/** Pixels of one sheet, about. */
const sheetPixels = 2 ** 20;
const mostOnSheet = 256;
/** What is fetched ahead of being looked at, at most. */
const mostAhead = 128 * 2 ** 20;

interface Sheet {
  readonly canvas: OffscreenCanvas;
  readonly columns: number;
}

export interface PlacedImage {
  readonly sheet: OffscreenCanvas;
  readonly x: number;
  readonly y: number;
}

/** The raw pixels of a run's test images, fetched many at a time and kept on sheets that a canvas draws from at once. */
export class SampleImages {
  readonly width: number;
  readonly height: number;
  readonly #run: string;
  readonly #shape: readonly number[];
  readonly #onSheet: number;
  readonly #placed = new Map<number, PlacedImage>();
  #wanted: readonly number[] = [];
  #isFetching = false;
  #isClosed = false;
  readonly #arrived: () => void;

  /** `arrived` is called when images have come. */
  constructor(run: string, inputShape: readonly number[], arrived: () => void) {
    this.#run = run;
    this.#shape = inputShape;
    this.height = inputShape[1] ?? 1;
    this.width = inputShape[2] ?? 1;
    this.#onSheet = Math.max(1, Math.min(mostOnSheet, Math.floor(sheetPixels / (this.width * this.height))));
    this.#arrived = arrived;
  }

  get(sample: number): PlacedImage | undefined {
    return this.#placed.get(sample);
  }

  /** Brings these, those first named first; what was wanted before and is not among them is no longer. */
  want(samples: Iterable<number>): void {
    const most = Math.floor(mostAhead / (this.width * this.height * 4));
    const missing: number[] = [];
    for (const sample of samples) {
      if (missing.length >= most - this.#placed.size) break;
      if (!this.#placed.has(sample)) missing.push(sample);
    }
    this.#wanted = missing;
    if (!this.#isFetching) void this.#fetch();
  }

  /** Resolves with all of them here. */
  async bring(samples: Int32Array): Promise<void> {
    for (let first = 0; first < samples.length; first += this.#onSheet) {
      const missing = samples.subarray(first, first + this.#onSheet).filter((sample) => !this.#placed.has(sample));
      if (missing.length > 0) await this.#fetchSheet(missing);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#wanted = [];
    this.#placed.clear();
  }

  async #fetch(): Promise<void> {
    this.#isFetching = true;
    try {
      while (this.#wanted.length > 0) {
        const next = Int32Array.from(new Set(this.#wanted.slice(0, this.#onSheet)));
        this.#wanted = this.#wanted.slice(this.#onSheet);
        await this.#fetchSheet(next);
        this.#arrived();
      }
    } catch {
      // The grid keeps empty frames: the figures beside it do not need pixels.
      this.#wanted = [];
    } finally {
      this.#isFetching = false;
    }
  }

  async #fetchSheet(samples: Int32Array): Promise<void> {
    const pixels = await workbench.call('evaluation.images', { run: this.#run, indices: samples });
    if (this.#isClosed || pixels.length === 0) return;
    const sheet = this.#newSheet(samples.length);
    const context = sheet.canvas.getContext('2d')!;
    for (const [place, sample] of samples.entries()) {
      const x = (place % sheet.columns) * this.width;
      const y = Math.floor(place / sheet.columns) * this.height;
      context.putImageData(imageOf(pixels, place, this.#shape), x, y);
      this.#placed.set(sample, { sheet: sheet.canvas, x, y });
    }
  }

  #newSheet(images: number): Sheet {
    const columns = Math.ceil(Math.sqrt(images));
    const rows = Math.ceil(images / columns);
    return { canvas: new OffscreenCanvas(columns * this.width, rows * this.height), columns };
  }
}

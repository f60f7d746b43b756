import type { RunSteps, StepSeries } from '../../core/contract/runs.ts';
import { storedNames, valuesAtStep } from '../../core/figures/measured.ts';
import type { StoredName } from '../../core/figures/measured.ts';
import type { StepTaken } from '../../core/training/events.ts';
import { placeOfStep } from '../../core/training/place.ts';

/** Points of a run's steps: a column of steps, and one for each figure that was measured at any of them. */
export interface StepChunk {
  /** Of the whole run, rising. */
  readonly step: Float64Array;
  readonly figures: ReadonlyMap<string, Float64Array>;
}

/** Collects what a training reports of its steps. */
export class StepColumns {
  #step: number[] = [];
  #figures = new Map<StoredName, number[]>(storedNames.map((name) => [name, []]));

  get length(): number {
    return this.#step.length;
  }

  add(event: StepTaken): void {
    const values = valuesAtStep(event);
    this.#step.push(placeOfStep(event).step);
    for (const [name, column] of this.#figures) column.push(values[name] ?? NaN);
  }

  keepLast(count: number): void {
    this.#step = this.#step.slice(-count);
    this.#figures = new Map([...this.#figures].map(([name, column]) => [name, column.slice(-count)]));
  }

  clear(): void {
    this.#step = [];
    for (const name of this.#figures.keys()) this.#figures.set(name, []);
  }

  chunk(): StepChunk {
    const measured = [...this.#figures].filter(([, column]) => column.some((value) => !Number.isNaN(value)));
    return {
      step: Float64Array.from(this.#step),
      figures: new Map(measured.map(([name, column]) => [name, Float64Array.from(column)])),
    };
  }

  series(): StepSeries {
    return seriesOf([this.chunk()]);
  }
}

/** Of the points between two steps, about `points` at equal distances, always with the last. */
export function thinOut(chunks: readonly StepChunk[], from: number, to: number, points: number): StepSeries {
  const inside = chunks.map((chunk) => slice(chunk, firstAt(chunk, from), firstAt(chunk, to + 1)));
  const count = inside.reduce((sum, { step }) => sum + step.length, 0);
  const every = Math.max(1, Math.ceil(count / points));
  let index = 0;
  return seriesOf(
    inside.map((chunk) => {
      const kept = Array.from(chunk.step.keys()).filter(() => (count - 1 - index++) % every === 0);
      const at = (column: Float64Array) => Float64Array.from(kept, (row) => column[row]!);
      return { step: at(chunk.step), figures: new Map([...chunk.figures].map(([name, column]) => [name, at(column)])) };
    }),
  );
}

/** One after another. Chunks need not have the same figures: another version may have stored them. */
function seriesOf(chunks: readonly StepChunk[]): StepSeries {
  const count = chunks.reduce((sum, { step }) => sum + step.length, 0);
  const step = new Float64Array(count);
  const figures: { [Name in StoredName]?: Float32Array<ArrayBuffer> } = {};
  for (const name of storedNames) {
    if (chunks.some((chunk) => chunk.figures.has(name))) figures[name] = new Float32Array(count).fill(NaN);
  }
  let offset = 0;
  for (const chunk of chunks) {
    step.set(chunk.step, offset);
    for (const name of storedNames) figures[name]?.set(chunk.figures.get(name) ?? [], offset);
    offset += chunk.step.length;
  }
  return { step, figures };
}

function slice({ step, figures }: StepChunk, first: number, end: number): StepChunk {
  const part = (column: Float64Array) => column.subarray(first, Math.max(first, end));
  return { step: part(step), figures: new Map([...figures].map(([name, column]) => [name, part(column)])) };
}

/** Index of the first point at or behind a step. */
function firstAt({ step }: StepChunk, wanted: number): number {
  let low = 0;
  let high = step.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (step[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface BatchLosses {
  readonly firstStep: number;
  readonly losses: Float32Array;
}

/** Mean, least and greatest of stretches of equal length, about `points` of them. A point stands at its stretch's last step. */
export function summarise(
  chunks: readonly BatchLosses[],
  from: number,
  to: number,
  points: number,
): RunSteps['batchLoss'] {
  const inside = chunks.map(({ firstStep, losses }) => {
    const first = Math.max(0, from - firstStep);
    return { firstStep: firstStep + first, losses: losses.subarray(first, Math.max(first, to - firstStep + 1)) };
  });
  const count = inside.reduce((sum, { losses }) => sum + losses.length, 0);
  const every = Math.max(1, Math.ceil(count / points));
  const size = Math.ceil(count / every);
  const step = new Float64Array(size);
  const mean = new Float32Array(size);
  const least = new Float32Array(size).fill(Infinity);
  const greatest = new Float32Array(size).fill(-Infinity);
  const sums = new Float64Array(size);
  let index = 0;
  for (const { firstStep, losses } of inside) {
    for (let offset = 0; offset < losses.length; offset++, index++) {
      const point = Math.floor(index / every);
      const loss = losses[offset]!;
      sums[point]! += loss;
      if (loss < least[point]!) least[point] = loss;
      if (loss > greatest[point]!) greatest[point] = loss;
      step[point] = firstStep + offset;
    }
  }
  for (let point = 0; point < size; point++) {
    mean[point] = sums[point]! / Math.min(every, count - point * every);
  }
  return { step, mean, least, greatest };
}

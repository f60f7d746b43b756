import type { RunSteps, StepSeries } from '../../core/contract/runs.ts';
import type { StepTaken } from '../../core/training/events.ts';

/** A point in a row: step of the whole run, loss, accuracy, learning rate, images per second, gradient norm. */
export const rowLength = 6;

export function stepOfRun({ epoch, step, steps }: Pick<StepTaken, 'epoch' | 'step' | 'steps'>): number {
  return (epoch - 1) * steps + step;
}

export function rowOf(event: StepTaken): readonly number[] {
  const { train, learningRate, imagesPerSecond } = event;
  return [
    stepOfRun(event),
    train.loss,
    train.accuracy ?? NaN,
    learningRate,
    imagesPerSecond,
    event.gradientNorm ?? NaN,
  ];
}

/** Columns of rows that lie one after another. */
export function fromRows(rows: Float64Array): StepSeries {
  const count = rows.length / rowLength;
  const column = (index: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: count }, (_, row) => rows[row * rowLength + index]!);
  return {
    step: Float64Array.from({ length: count }, (_, row) => rows[row * rowLength]!),
    loss: column(1),
    accuracy: column(2),
    learningRate: column(3),
    imagesPerSecond: column(4),
    gradientNorm: column(5),
  };
}

/** Of the rows between two steps, about `points` at equal distances, always with the last. */
export function thinOut(chunks: readonly Float64Array[], from: number, to: number, points: number): Float64Array {
  const kept: Float64Array[] = [];
  let count = 0;
  for (const chunk of chunks) {
    const first = firstRow(chunk, from);
    const end = firstRow(chunk, to + 1);
    if (end > first) kept.push(chunk.subarray(first * rowLength, end * rowLength));
    count += Math.max(0, end - first);
  }
  const every = Math.max(1, Math.ceil(count / points));
  const rows: number[] = [];
  let index = 0;
  for (const chunk of kept) {
    for (let start = 0; start < chunk.length; start += rowLength, index++) {
      if ((count - 1 - index) % every === 0) rows.push(...chunk.subarray(start, start + rowLength));
    }
  }
  return Float64Array.from(rows);
}

/** Index of the first row at or behind a step; rows are in order. */
function firstRow(chunk: Float64Array, step: number): number {
  let low = 0;
  let high = chunk.length / rowLength;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunk[middle * rowLength]! < step) low = middle + 1;
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

import type { SampleTensor } from './subject.ts';

/** How far what a consumer computes lies from what the engine computes. */
export interface Difference {
  /** Largest |a - b|. */
  readonly absolute: number;
  /** The same over the largest |a|. */
  readonly relative: number;
  /** The sample (of the batch) where it is largest. */
  readonly sample: number;
}

/** In float32, absolute or relative, whichever is smaller. */
export const largestDifference = 1e-4;

export function isMismatch({ absolute, relative }: Difference, limit = largestDifference): boolean {
  return !(Math.min(absolute, relative) <= limit);
}

/**
 * Of tensors one beside the other. Infinity where shapes differ or only one value is not a number; equal infinities
 * and values that neither side could compute are no difference.
 */
export function differenceOf(expected: readonly SampleTensor[], actual: readonly SampleTensor[]): Difference {
  let worst: Difference = { absolute: 0, relative: 0, sample: 0 };
  if (expected.length !== actual.length) return unlike;
  for (const [index, { shape, data }] of expected.entries()) {
    const other = actual[index]!;
    if (shape.join() !== other.shape.join() || data.length !== other.data.length) return unlike;
    const found = between(data, other.data, shape[0] ?? 1);
    if (!(Math.min(found.absolute, found.relative) <= Math.min(worst.absolute, worst.relative))) worst = found;
  }
  return worst;
}

const unlike: Difference = { absolute: Infinity, relative: Infinity, sample: 0 };

function between(expected: Float32Array, actual: Float32Array, samples: number): Difference {
  let absolute = 0;
  let largest = 0;
  let at = 0;
  for (const [index, value] of expected.entries()) {
    const other = actual[index]!;
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    if (Object.is(value, other) || value === other) continue;
    const away = Math.abs(value - other);
    if (away <= absolute) continue;
    absolute = Number.isNaN(away) ? Infinity : away;
    at = index;
  }
  const relative = absolute === 0 ? 0 : largest === 0 ? Infinity : absolute / largest;
  return { absolute, relative, sample: Math.floor(at / Math.max(1, expected.length / Math.max(1, samples))) };
}

/** Part of the samples whose largest output stands at their label; null without labels. Rows of [samples, classes]. */
export function accuracyOf(outputs: readonly SampleTensor[], labels: Int32Array | null): number | null {
  const [output] = outputs;
  if (labels === null || output?.shape.length !== 2 || labels.length === 0) return null;
  const classes = output.shape[1]!;
  let right = 0;
  for (const [sample, label] of labels.entries()) {
    const row = output.data.subarray(sample * classes, (sample + 1) * classes);
    if (row.indexOf(row.reduce((most, value) => Math.max(most, value), -Infinity)) === label) right += 1;
  }
  return right / labels.length;
}

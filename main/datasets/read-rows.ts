import type { SplitFiles } from '../../core/training/plan.ts';
import { readNpyHeader, readRecords } from './read-pixels.ts';

/**
 * Some rows of a table as the table has them, rows × columns, or samples of an array, rows × all their numbers; null of
 * samples that are bytes or images. `origins`: what was subtracted from each column before it was stored.
 */
export async function readRows(
  split: SplitFiles,
  inputShape: readonly number[],
  indices: Int32Array,
  origins: readonly number[] = [],
): Promise<Float64Array | null> {
  if (split.format !== 'arrays') return null;
  const columns = inputShape.reduce((product, size) => product * size, 1);
  const { element, dataAt } = await readNpyHeader(split.inputs);
  if (element.kind !== 'f' || element.bytes !== 4) return null;
  const size = 4 * columns;
  const bytes = await readRecords((index) => ({ file: split.inputs, at: dataAt + index * size }), size, indices);
  const stored = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return Float64Array.from(stored, (value, at) => {
    const origin = origins[at % columns] ?? 0;
    return origin === 0 ? shortest(value) : Number((shortest(value) + origin).toPrecision(15));
  });
}

/** The number with the fewest digits that is stored as this one: 6.9, not 6.900000095. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

import { takerOfWholeNumbers } from '../network/wants-whole-numbers.ts';
import type { ExportNetwork } from './subject.ts';

/** Whether an input of a network's Python source has to be of whole numbers (int64). The engine has all as floats. */
export function isWholeInput({ resolved, inputs }: Pick<ExportNetwork, 'resolved' | 'inputs'>, index: number): boolean {
  // The number of a class has no dimensions.
  if (inputs[index]!.samples.shape.length === 1) return true;
  return index === 0 && takerOfWholeNumbers(resolved) !== null;
}

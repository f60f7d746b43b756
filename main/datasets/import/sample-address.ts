import type { PositionUnit } from '../../../core/contract/evaluation.ts';

/** Where the samples of a part were read from. */
export interface SampleAddresses {
  /** Null or empty: there is not a file for each sample. */
  readonly files: readonly string[] | null;
  readonly positions: { readonly unit: PositionUnit; readonly numbers: ArrayLike<number> } | null;
}

/** Of a sample of the part: its file, or its line or index in the file that holds it with others; null: not known. */
export function addressInWords(sample: number, { files, positions }: SampleAddresses): string | null {
  const file = files?.[sample];
  if (file !== undefined) return file;
  const number = positions?.numbers[sample];
  return positions === null || number === undefined ? null : `${positions.unit} ${number}`;
}

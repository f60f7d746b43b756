import type { SamplePositions, TestPredictions } from '../../../core/contract/evaluation.ts';

const titles = { line: 'Line', index: 'Index' } as const;

/** Of the column of `positionOf`. */
export function positionTitle(positions: SamplePositions | null): string {
  return positions === null ? 'Test sample' : titles[positions.unit];
}

/** Where a test sample stands in the user's own file, or, where that is not known, among the test samples. */
export function positionOf(positions: SamplePositions | null, sample: number): number {
  return positions?.numbers[sample] ?? sample;
}

/** What a test sample is called beside its class: `cat/0012.png`, "Test row, line 255", "Test sample 48". */
export function sampleTitle(
  { positions, files, hasImages }: Pick<TestPredictions, 'positions' | 'files' | 'hasImages'>,
  sample: number,
): string {
  const file = files?.[sample];
  if (file !== undefined) return file;
  if (positions === null) return `Test ${hasImages ? 'image' : 'sample'} ${sample}`;
  return `Test ${hasImages ? 'image' : 'row'}, ${positions.unit} ${positionOf(positions, sample)}`;
}

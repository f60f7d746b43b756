import { refuse } from './refusal.ts';

/**
 * PyTorch's dimensions count the batch as 0, and from the end if negative; shapes here have no batch.
 * Gives the index into a shape of `rank` sizes. The batch itself is refused: samples must not mix.
 */
export function sampleDimension(written: number, option: string, rank: number): number {
  const dimension = written < 0 ? written + rank + 1 : written;
  if (dimension < 0 || dimension > rank) {
    refuse(`has no dimension ${written}: the input has ${rank + 1}, including the batch`, option);
  }
  if (dimension === 0) refuse(`cannot work along ${option} ${written}: that is the batch`, option);
  return dimension - 1;
}

import { nearestName } from '../../../core/nearest-name.ts';
import { targetColumns } from '../../../core/project/target-columns.ts';
import { fail } from '../../failures.ts';

/** Which columns are to be predicted, and why these. */
export interface ChosenTarget {
  readonly columns: readonly number[];
  readonly reason: 'asked' | 'name' | 'last';
}

/** Names that columns to be predicted mostly have; the first found is taken. */
const usualNames = [
  'label',
  'labels',
  'target',
  'targets',
  'class',
  'classes',
  'y',
  'species',
  'category',
  'outcome',
  'diagnosis',
] as const;

/**
 * `names`: of the columns; `asked`: the setting data.import.target; `isBlank`: whether nothing stands in a column, as
 * behind a separator at the end of each line. Throws a FailureError where it names no column.
 */
export function chooseTarget(
  names: readonly string[],
  asked: string | readonly string[] | undefined,
  file: string,
  isBlank: (column: number) => boolean = () => false,
): ChosenTarget {
  if (asked !== undefined) {
    const columns = targetColumns(asked, names).map((name) => columnCalled(name, names, file));
    return { columns, reason: 'asked' };
  }
  const lower = names.map((name) => name.toLowerCase());
  const last = Math.max(
    0,
    names.findLastIndex((_, column) => !isBlank(column)),
  );
  for (const usual of usualNames) {
    const column = lower.indexOf(usual);
    // Between other columns y is rather a coordinate.
    if (column < 0 || (usual === 'y' && column !== 0 && column !== last)) continue;
    return { columns: [column], reason: 'name' };
  }
  return { columns: [last], reason: 'last' };
}

function columnCalled(name: string, names: readonly string[], file: string): number {
  const column = names.indexOf(name);
  if (column >= 0) return column;
  const near = nearestName(name, names);
  return fail('badData', `${file} has no column called '${name}'.`, {
    at: 'data.import.target',
    advice: near === undefined ? `Its columns are ${names.slice(0, 20).join(', ')}.` : `Did you mean ${near}?`,
  });
}

export const targetReasons: Readonly<Record<ChosenTarget['reason'], string>> = {
  asked: 'set in the project',
  name: 'chosen by its name',
  last: 'chosen as the last column',
};

import { workbench } from '../../app/workbench.ts';
import { useSampleCache } from './sample-cache.ts';

/** The values of test rows, by their index. */
export function useRowValues(
  run: () => string,
  columns: () => number,
  samples: () => Int32Array,
): ReadonlyMap<number, Float64Array> {
  return useSampleCache({
    run,
    size: columns,
    samples,
    fetch: (of, indices) => workbench.call('evaluation.rows', { run: of, indices }),
  });
}

export function rowValue(value: number | undefined): string {
  return value === undefined ? '…' : String(value);
}

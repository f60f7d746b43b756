import { shallowReactive, watch } from 'vue';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';

/** The values of test rows, by their index; fetched when `samples` change. */
export function useRowValues(
  run: () => string,
  columns: () => number,
  samples: () => Int32Array,
): ReadonlyMap<number, Float64Array> {
  const notices = useNotices();
  const values = shallowReactive(new Map<number, Float64Array>());

  watch(run, () => values.clear());
  watch(
    [run, samples],
    async ([of, wanted]) => {
      const missing = wanted.filter((sample) => !values.has(sample));
      if (missing.length === 0 || columns() === 0) return;
      const answer = await notices.attempt(() => workbench.call('evaluation.rows', { run: of, indices: missing }));
      if (answer === undefined || of !== run()) return;
      const each = columns();
      for (const [place, sample] of missing.entries()) {
        values.set(sample, answer.subarray(place * each, (place + 1) * each));
      }
    },
    { immediate: true },
  );
  return values;
}

export function rowValue(value: number | undefined): string {
  return value === undefined ? '…' : String(value);
}

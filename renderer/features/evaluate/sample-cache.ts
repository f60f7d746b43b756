import { shallowReactive, watch } from 'vue';
import { useNotices } from '../../app/notices.ts';

interface SampleSource<Content> {
  readonly run: () => string;
  /** Numbers of each sample; 0: nothing is to be fetched. */
  readonly size: () => number;
  /** Test samples that are shown. */
  readonly samples: () => Int32Array;
  /** Those of the given samples, one behind the other. */
  readonly fetch: (run: string, indices: Int32Array) => Promise<Content>;
}

/** What test samples hold, by their index; fetched once, when `samples` change. */
export function useSampleCache<Content extends { subarray(from: number, to: number): Content }>({
  run,
  size,
  samples,
  fetch,
}: SampleSource<Content>): ReadonlyMap<number, Content> {
  const notices = useNotices();
  const found = shallowReactive(new Map<number, Content>());

  // After the page is drawn: what no longer has predictions is gone by then, and asks for nothing.
  const flush = 'post';
  watch(run, () => found.clear(), { flush });
  watch(
    [run, size, samples],
    async ([of, each, wanted]) => {
      const missing = each === 0 ? new Int32Array() : wanted.filter((sample) => !found.has(sample));
      if (missing.length === 0) return;
      const answer = await notices.attempt(() => fetch(of, missing));
      if (answer === undefined || of !== run()) return;
      for (const [place, sample] of missing.entries()) {
        found.set(sample, answer.subarray(place * each, (place + 1) * each));
      }
    },
    { immediate: true, flush },
  );
  return found;
}

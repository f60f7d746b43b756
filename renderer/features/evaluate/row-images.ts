import { shallowReactive, watch } from 'vue';
import { elementCount } from '../../../core/catalogue/shape.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';

/** The raw pixels of test images, by their index; fetched when `samples` change. Undefined shape: there are none. */
export function useRowImages(
  run: () => string,
  shape: () => readonly number[] | undefined,
  samples: () => Int32Array,
): ReadonlyMap<number, Uint8Array> {
  const notices = useNotices();
  const images = shallowReactive(new Map<number, Uint8Array>());

  watch(run, () => images.clear());
  watch(
    [run, shape, samples],
    async ([of, each, wanted]) => {
      if (each === undefined) return;
      const missing = wanted.filter((sample) => !images.has(sample));
      if (missing.length === 0) return;
      const answer = await notices.attempt(() => workbench.call('evaluation.images', { run: of, indices: missing }));
      if (answer === undefined || of !== run()) return;
      const size = elementCount(each);
      for (const [place, sample] of missing.entries()) {
        images.set(sample, answer.subarray(place * size, (place + 1) * size));
      }
    },
    { immediate: true },
  );
  return images;
}

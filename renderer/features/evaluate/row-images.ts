import { elementCount } from '../../../core/catalogue/shape.ts';
import { workbench } from '../../app/workbench.ts';
import { useSampleCache } from './sample-cache.ts';

/** The raw pixels of test images, by their index. Undefined shape: the samples are no images. */
export function useRowImages(
  run: () => string,
  shape: () => readonly number[] | undefined,
  samples: () => Int32Array,
): ReadonlyMap<number, Uint8Array> {
  return useSampleCache({
    run,
    size: () => elementCount(shape() ?? [0]),
    samples,
    fetch: (of, indices) => workbench.call('evaluation.images', { run: of, indices }),
  });
}

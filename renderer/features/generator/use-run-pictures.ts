import { shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import type { RunPictures } from '../../../core/contract/runs.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';

/**
 * Which pictures of its generator a run has; null of a run without one, undefined while that is not known. Asked again
 * when `revision` changes.
 */
export function useRunPictures(
  run: () => string | null,
  revision: () => number = () => 0,
): Readonly<ShallowRef<RunPictures | null | undefined>> {
  const notices = useNotices();
  const pictures = shallowRef<RunPictures | null | undefined>();
  watch(
    [run, revision],
    async ([wanted], [before]) => {
      if (wanted !== before) pictures.value = undefined;
      if (wanted === null) return;
      const answer = await notices.attempt(() => workbench.call('runs.pictures', { run: wanted }));
      if (answer !== undefined && wanted === run()) pictures.value = answer;
    },
    { immediate: true },
  );
  return pictures;
}

import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { MismatchSet } from '../../../core/contract/runs.ts';
import { FailureError } from '../../../core/failure.ts';
import { workbench } from '../../app/workbench.ts';

/** Pictures in the strip; each epoch brings so many and costs one pass over the test images. */
export const picturesShown = 40;

/** The misclassified samples that came last: they are still there when Train is shown again. */
export const useMismatches = defineStore('mismatches', () => {
  const newest = shallowRef<MismatchSet | null>(null);
  /** Whether they are asked for after each epoch. */
  const isWatched = ref(true);
  /** Why those of a run cannot be read; null: nothing was kept of it. */
  const unread = shallowRef<{ readonly run: string; readonly why: string | null } | null>(null);

  workbench.on('mismatches', (found) => (newest.value = found));

  function of(run: string): MismatchSet | null {
    return newest.value?.run === run ? newest.value : null;
  }

  /** Those that this window was not told of: it was reloaded since, or did not watch the run. */
  async function read(run: string): Promise<void> {
    unread.value = null;
    try {
      const found = await workbench.call('evaluation.mismatches', { run, limit: picturesShown });
      if (found === null) unread.value = { run, why: null };
      // Its training may have reported newer ones meanwhile.
      else if ((of(run)?.epoch ?? 0) < found.epoch) newest.value = found;
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      unread.value = { run, why: error.failure.message };
    }
  }

  return { isWatched, of, unread, read };
});

import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { MismatchSet } from '../../../core/contract/runs.ts';
import { workbench } from '../../app/workbench.ts';

/** The misclassified samples that came last: they are still there when Train is shown again. */
export const useMismatches = defineStore('mismatches', () => {
  const newest = shallowRef<MismatchSet | null>(null);
  /** Whether they are asked for after each epoch. */
  const isWatched = ref(true);

  workbench.on('mismatches', (found) => (newest.value = found));

  function of(run: string): MismatchSet | null {
    return newest.value?.run === run ? newest.value : null;
  }

  return { isWatched, of };
});

import { onScopeDispose, shallowRef, watch } from 'vue';
import { workbench } from '../../app/workbench.ts';
import { useCalm } from '../../ui/use-calm.ts';

/** A number that changes when a run has got on by an epoch or has ended; no more often than every second. */
export function useRevision(run: () => string | null): () => number {
  const changes = shallowRef(0);
  const forget = workbench.on('runsChanged', ({ runs }) => {
    const shown = run();
    if (shown !== null && runs.includes(shown)) changes.value += 1;
  });
  onScopeDispose(forget);
  watch(run, () => (changes.value = 0));
  const calm = useCalm(() => changes.value, 1000);
  return () => calm.value;
}

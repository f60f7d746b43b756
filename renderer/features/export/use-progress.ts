import { onScopeDispose, readonly, ref } from 'vue';
import type { Ref } from 'vue';
import { workbench } from '../../app/workbench.ts';

/** What the export of a run is doing. */
export function useProgress(run: () => string | null): Readonly<Ref<string | null>> {
  const doing = ref<string | null>(null);
  onScopeDispose(
    workbench.on('exportProgress', (progress) => {
      if (progress.run === run()) doing.value = progress.doing;
    }),
  );
  return readonly(doing);
}

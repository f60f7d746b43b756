import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { workbench } from '../../app/workbench.ts';

/** Names of runs that are known by their ids only, fetched when they are first asked for. */
export const useRunNames = defineStore('runNames', () => {
  const names = shallowRef<ReadonlyMap<string, string>>(new Map());
  const asked = new Set<string>();

  workbench.on('runsChanged', ({ runs }) => {
    for (const run of runs) if (asked.has(run)) void fetch(run);
  });

  async function fetch(run: string): Promise<void> {
    // A run that is gone keeps its id for a name.
    const details = await workbench.call('runs.get', { run }).catch(() => null);
    if (details === null || names.value.get(run) === details.name) return;
    names.value = new Map(names.value).set(run, details.name);
  }

  /** Its id until the name is there. */
  function nameOf(run: string): string {
    if (!asked.has(run)) {
      asked.add(run);
      void fetch(run);
    }
    return names.value.get(run) ?? run;
  }

  return { nameOf };
});

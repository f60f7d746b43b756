import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ExportWish, FoundExport } from '../../../core/contract/exports.ts';
import type { RunDetails } from '../../../core/contract/runs.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';

/** Exports of the run that is shown, and those that this window has under way. */
export const useExports = defineStore('exports', () => {
  const notices = useNotices();
  const run = shallowRef<string | null>(null);
  const details = shallowRef<RunDetails | null>(null);
  const found = shallowRef<readonly FoundExport[]>([]);
  /** What is being done, by run. */
  const underWay = shallowRef<ReadonlyMap<string, string>>(new Map());

  /** Null: nothing is under way. */
  const doing = computed(() => underWay.value.get(run.value ?? '') ?? null);

  workbench.on('exportProgress', ({ run: of, doing: now }) => {
    if (underWay.value.has(of)) tell(of, now);
  });

  // What can be exported, or what of it, came with it.
  workbench.on('training', (event) => {
    if (event.event === 'checkpointSaved' && event.run === run.value) void show(event.run);
  });

  async function show(id: string | null): Promise<void> {
    if (id !== details.value?.id) [details.value, found.value] = [null, []];
    run.value = id;
    if (id === null) return;
    const [about, answer] = await Promise.all([
      notices.attempt(() => workbench.call('runs.get', { run: id })),
      notices.attempt(() => workbench.call('exports.list', { run: id })),
    ]);
    if (id !== run.value) return;
    details.value = about ?? null;
    found.value = answer ?? [];
  }

  async function make(wish: Omit<ExportWish, 'run'>): Promise<void> {
    const of = run.value!;
    tell(of, 'begins');
    await notices.attempt(() => workbench.call('exports.make', { run: of, ...wish }));
    tell(of, null);
    if (of === run.value) await show(of);
  }

  async function stop(): Promise<void> {
    const of = run.value!;
    tell(of, 'stopping');
    await notices.attempt(() => workbench.call('exports.stop', { run: of }));
  }

  function tell(of: string, now: string | null): void {
    const others = [...underWay.value].filter(([each]) => each !== of);
    underWay.value = new Map(now === null ? others : [...others, [of, now]]);
  }

  return { run, details, found, doing, show, make, stop };
});

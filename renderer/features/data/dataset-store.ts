import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { DataProgress, DatasetDescription } from '../../../core/contract/data.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { useOwnData } from './own-data-store.ts';

/** Data sets there are, and those on their way here. */
export const useDatasets = defineStore('datasets', () => {
  const project = useProject();
  const notices = useNotices();
  const own = useOwnData();
  const datasets = shallowRef<readonly DatasetDescription[]>([]);
  /** The data set that is looked at, as a project names it; null: the list of all. */
  const opened = ref<string | null>(null);
  const underway = shallowRef<ReadonlyMap<string, DataProgress>>(new Map());

  const chosen = computed(() => datasets.value.find(({ name }) => name === project.project?.data.source) ?? null);
  /** Of the project's data; those of MNIST where they are not yet read. */
  const trainSamples = computed(() => {
    const { data } = project.project ?? {};
    const known = chosen.value ?? (data === undefined ? null : own.find(data));
    return (known?.trainSamples ?? 60_000) * (data?.augment?.flippedCopies === true ? 2 : 1);
  });

  // Of the project before.
  watch(
    () => project.key,
    () => (opened.value = null),
    { flush: 'sync' },
  );

  // Where data are imported, by whatever control, the list shows how far it is and what was left out.
  watch(
    () => own.reading !== null,
    (isReading) => {
      if (isReading) opened.value = null;
    },
  );

  async function load(): Promise<void> {
    workbench.on('dataProgress', (progress) => {
      if (datasets.value.some(({ name }) => name === progress.name)) setProgress(progress.name, progress);
    });
    workbench.on('dataChanged', ({ name }) => {
      setProgress(name, null);
      void refresh();
    });
    await refresh();
    for (const { name, underway: progress } of datasets.value) setProgress(name, progress);
  }

  async function refresh(): Promise<void> {
    datasets.value = (await notices.attempt(() => workbench.call('data.list'))) ?? datasets.value;
  }

  async function fetchDataset(name: string): Promise<void> {
    setProgress(name, { name, stage: 'requesting', done: 0, total: null });
    const answer = await notices.attempt(() => workbench.call('data.get', { name }));
    setProgress(name, null);
    if (answer !== undefined) notices.tell(`${name} is ready and its files are verified.`);
    await refresh();
  }

  async function cancel(name: string): Promise<void> {
    await notices.attempt(() => workbench.call('data.cancel', { name }));
  }

  /** Throws away what came of a download that was broken off. */
  async function discard(name: string): Promise<void> {
    await notices.attempt(() => workbench.call('data.discard', { name }));
  }

  function setProgress(name: string, progress: DataProgress | null): void {
    const next = new Map(underway.value);
    if (progress === null) next.delete(name);
    else next.set(name, progress);
    underway.value = next;
  }

  return { datasets, opened, underway, chosen, trainSamples, load, refresh, fetchDataset, cancel, discard };
});

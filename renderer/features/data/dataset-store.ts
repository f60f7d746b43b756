import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
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

  async function load(): Promise<void> {
    workbench.on('dataProgress', (progress) => {
      if (underway.value.has(progress.name)) setProgress(progress.name, progress);
    });
    await refresh();
  }

  async function refresh(): Promise<void> {
    datasets.value = (await notices.attempt(() => workbench.call('data.list'))) ?? datasets.value;
  }

  async function fetchDataset(name: string): Promise<void> {
    setProgress(name, { name, stage: 'asking for it', done: 0, total: null });
    const answer = await notices.attempt(() => workbench.call('data.get', { name }));
    const left = new Map(underway.value);
    left.delete(name);
    underway.value = left;
    if (answer !== undefined) notices.tell(`${name} is here and its files are right.`);
    await refresh();
  }

  function setProgress(name: string, progress: DataProgress): void {
    underway.value = new Map(underway.value).set(name, progress);
  }

  return { datasets, opened, underway, chosen, trainSamples, load, fetchDataset };
});

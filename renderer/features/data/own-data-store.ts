import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { DataProgress, ImportedDataset } from '../../../core/contract/data.ts';
import type { DataSettings, ImportSettings } from '../../../core/project/project.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';

export interface DataFacts {
  readonly inputShape: readonly number[];
  readonly classes: number;
}

/** Data of one's own: what was read of them, and what is being read. */
export const useOwnData = defineStore('ownData', () => {
  const notices = useNotices();
  const imported = shallowRef<readonly ImportedDataset[]>([]);
  /** One at a time. */
  const reading = shallowRef<DataProgress | null>(null);

  async function load(): Promise<void> {
    workbench.on('dataProgress', (progress) => {
      if (progress.name === reading.value?.name) reading.value = progress;
    });
    await refresh();
  }

  async function refresh(): Promise<void> {
    imported.value = (await notices.attempt(() => workbench.call('data.imported'))) ?? imported.value;
  }

  /** Undefined: it could not be read, and a notice says why. */
  async function read(source: string, settings: ImportSettings): Promise<ImportedDataset | undefined> {
    reading.value = { name: source, stage: 'looking at it', done: 0, total: null };
    const answer = await notices.attempt(() => workbench.call('data.import', { source, settings }));
    reading.value = null;
    await refresh();
    return answer;
  }

  async function forget(source: string): Promise<void> {
    await notices.attempt(() => workbench.call('data.forget', { source }));
    await refresh();
  }

  /** Null: nothing was chosen. */
  async function choose(what: 'folder' | 'file'): Promise<string | null> {
    return (await notices.attempt(() => workbench.call('data.choose', { what })))?.source ?? null;
  }

  /** As a project reads it; of other settings of the same source nothing is known. */
  function find(data: Pick<DataSettings, 'source' | 'import'>): ImportedDataset | null {
    const wanted = JSON.stringify(data.import ?? {});
    return (
      imported.value.find(({ source, settings }) => source === data.source && JSON.stringify(settings) === wanted) ??
      null
    );
  }

  /** What a network for them takes and gives: a number a class, or a number a target. */
  function facts(data: Pick<DataSettings, 'source' | 'import'>): DataFacts | null {
    const dataset = find(data);
    if (dataset === null) return null;
    const { inputShape, classNames, targets, task } = dataset;
    return { inputShape, classes: task === 'regression' ? targets : classNames.length };
  }

  return { imported, reading, facts, load, read, forget, choose, find };
});

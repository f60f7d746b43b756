import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { DataProgress, ImportedDataset } from '../../../core/contract/data.ts';
import type { DataSettings, ImportSettings } from '../../../core/project/project.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import type { DroppedFiles } from './dropped.ts';
import { uploadFiles } from './upload.ts';
import { onImported } from './use-imported.ts';

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
  /** Of what was read last, until it is put away. */
  const report = shallowRef<ImportedDataset | null>(null);
  let upload = new AbortController();

  async function load(): Promise<void> {
    workbench.on('dataProgress', (progress) => {
      if (progress.name === reading.value?.name) reading.value = progress;
    });
    workbench.on('dataChanged', () => void refresh());
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
    report.value = answer ?? null;
    await refresh();
    return answer;
  }

  /** Reads a file or folder, and makes the data the project's. */
  async function bring(source: string): Promise<void> {
    if (reading.value !== null) return;
    // Asked for here: the project's own store asks for this one.
    const project = useProject();
    const data = project.project?.data;
    const dataset = await read(source, data?.source === source ? (data.import ?? {}) : {});
    if (dataset === undefined || project.project === null) return;
    project.change(onImported(project.project, dataset), 'data.source');
  }

  /** Of a page that is not told where files lie: brings them to the serving machine, and reads them there. */
  async function bringFiles(files: Promise<DroppedFiles> | DroppedFiles): Promise<void> {
    if (reading.value !== null) return;
    upload = new AbortController();
    const tell = (name: string, done: number, total: number | null): void => {
      reading.value = { name, stage: `bringing ${name} to the serving machine`, done, total, unit: 'bytes' };
    };
    tell('files', 0, null);
    const source = await notices.attempt(async () => {
      const dropped = await files;
      return uploadFiles(dropped, (done, total) => tell(dropped.name, done, total), upload.signal);
    });
    reading.value = null;
    if (source === undefined) return;
    await bring(source);
    // What could not be read need not lie there.
    if (report.value?.source !== source) await forget(source);
  }

  /** Ends what is being read. */
  async function cancel(): Promise<void> {
    upload.abort();
    const name = reading.value?.name;
    if (name !== undefined) await notices.attempt(() => workbench.call('data.cancel', { name }));
  }

  async function forget(source: string): Promise<void> {
    await notices.attempt(() => workbench.call('data.forget', { source }));
    if (report.value?.source === source) report.value = null;
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

  return { imported, reading, report, facts, load, read, bring, bringFiles, cancel, forget, choose, find };
});

import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import type { DataProgress, ImportedDataset } from '../../../core/contract/data.ts';
import { FailureError } from '../../../core/failure.ts';
import type { Failure } from '../../../core/failure.ts';
import { knownData } from '../../../core/project/known-data.ts';
import type { DataFacts } from '../../../core/project/known-data.ts';
import type { DataSettings, ImportSettings } from '../../../core/project/project.ts';
import { changedData } from '../../../core/training/run-data.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';
import { inOneOrder } from '../project/in-one-order.ts';
import { useProject } from '../project/project-store.ts';
import type { DroppedFiles } from './dropped.ts';
import { likelyKind } from './likely-kind.ts';
import { uploadFiles } from './upload.ts';
import { onImported } from './use-imported.ts';

/** Milliseconds until data that are missing are looked for again. */
const lookAgainAfter = 3000;

function keyOf({ source, settings }: Pick<ImportedDataset, 'source' | 'settings'>): string {
  return JSON.stringify([source, inOneOrder(settings)]);
}

function deletedImport(source: string): Failure {
  return {
    code: 'notFound',
    message: `The import of ${source} was deleted. Import it again in Data.`,
    at: 'data.source',
  };
}

async function findFailure(source: string, settings: ImportSettings): Promise<Failure | null> {
  if (source === '' || knownData.has(source)) return null;
  try {
    return await workbench.call('data.check', { source, settings });
  } catch (error) {
    // A server that may not read there says so; anything else says nothing about the data.
    return error instanceof FailureError && error.failure.code === 'notFound' ? error.failure : null;
  }
}

/** Data of one's own: what was read of them, and what is being read. */
export const useOwnData = defineStore('ownData', () => {
  const notices = useNotices();
  const imported = shallowRef<readonly ImportedDataset[]>([]);
  /** One at a time. */
  const reading = shallowRef<DataProgress | null>(null);
  /** Of what was read last, until it is put away. */
  const report = shallowRef<ImportedDataset | null>(null);
  /** Of data looked for last: why they cannot be read. */
  const missing = shallowRef<{ readonly source: string; readonly failure: Failure } | null>(null);
  /** Likewise: that they have changed since they were read, in words. */
  const outdated = shallowRef<Failure | null>(null);
  /** Data whose import was deleted while a project used it. */
  const deleted = new Set<string>();
  /** Of every source that was imported while this window was open. */
  const kinds = new Map<string, ImportedDataset['kind']>();
  /** A source whose change a dialog has told, since a run was to be resumed on it: it is not told again. */
  const askedAbout = shallowRef<string | null>(null);
  let upload = new AbortController();

  // They are put back while nothing of the window changes, as from a disk that is mounted again.
  let timer: ReturnType<typeof setInterval> | undefined;
  watch(missing, (now) => {
    clearInterval(timer);
    if (now !== null) timer = setInterval(() => useProject().checkData(), lookAgainAfter);
  });

  async function load(): Promise<void> {
    workbench.on('dataProgress', (progress) => {
      if (progress.name === reading.value?.name) reading.value = progress;
    });
    workbench.on('dataChanged', () => void refresh());
    await refresh();
  }

  async function refresh(): Promise<void> {
    const answer = await notices.attempt(() => workbench.call('data.imported'));
    if (answer === undefined) return;
    const data = useProject().project?.data;
    const before = data && find(data);
    for (const each of answer) {
      deleted.delete(keyOf(each));
      kinds.set(each.source, each.kind);
    }
    // At once, not by the check that follows: in between the project would seem to have no problem.
    if (before && !answer.some((each) => keyOf(each) === keyOf(before))) {
      deleted.add(keyOf(before));
      missing.value = { source: before.source, failure: deletedImport(before.source) };
    }
    imported.value = answer;
    if (report.value !== null) report.value = readLast(report.value);
    const now = data && find(data);
    if (!before || !now || before.imported === now.imported || now.changes === undefined) return;
    if (askedAbout.value === now.source) {
      askedAbout.value = null;
      return;
    }
    notices.tellFailure({
      code: 'dataChanged',
      message: changedData(now.source, now.changes),
      at: 'data.source',
      advice: 'Finished runs keep the data they were trained on.',
    });
  }

  /** The files of a report may have changed, and been read anew, since. */
  function readLast(of: ImportedDataset): ImportedDataset {
    const settings = inOneOrder(of.settings);
    return imported.value.find((each) => each.source === of.source && inOneOrder(each.settings) === settings) ?? of;
  }

  /** Looks whether data are still where they were. */
  async function check({ source, import: settings = {} }: Pick<DataSettings, 'source' | 'import'>): Promise<void> {
    const answer = await findFailure(source, settings);
    const isOutdated = answer?.code === 'dataChanged';
    outdated.value = isOutdated ? answer : null;
    const found = isOutdated ? null : answer;
    const failure = found ?? (deleted.has(keyOf({ source, settings })) ? deletedImport(source) : null);
    const now = failure && { source, failure };
    if (JSON.stringify(now) !== JSON.stringify(missing.value)) missing.value = now;
  }

  /** Undefined: it could not be read, and a notice says why. */
  async function read(source: string, settings: ImportSettings): Promise<ImportedDataset | undefined> {
    reading.value = { name: source, stage: 'starting', done: 0, total: null };
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
    project.change(onImported(project.project, dataset, find(project.project.data)), 'data.source');
  }

  /** Of a page that is not told where files lie: brings them to the serving machine, and reads them there. */
  async function bringFiles(files: Promise<DroppedFiles> | DroppedFiles): Promise<void> {
    if (reading.value !== null) return;
    upload = new AbortController();
    const tell = (name: string, done: number, total: number | null): void => {
      reading.value = { name, stage: `uploading ${name}`, done, total, unit: 'bytes' };
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
    const wanted = inOneOrder(data.import ?? {});
    return (
      imported.value.find(({ source, settings }) => source === data.source && inOneOrder(settings) === wanted) ?? null
    );
  }

  /** With whatever settings, also after the import was deleted; null: it is not known. */
  function kindOf(data: Pick<DataSettings, 'source' | 'import'>): ImportedDataset['kind'] | null {
    return (
      imported.value.find(({ source }) => source === data.source)?.kind ?? kinds.get(data.source) ?? likelyKind(data)
    );
  }

  /** Of a table that was read with whatever settings, in the order of the file; empty: they are not known. */
  function columnsOf(source: string): readonly string[] {
    const dataset = imported.value.find((each) => each.source === source && each.kind === 'table');
    if (dataset === undefined) return [];
    return dataset.columns?.map(({ name }) => name) ?? [...dataset.columnNames, ...dataset.targetNames];
  }

  /** What a project on them is checked against; null where they were not read with these settings. */
  function facts(data: Pick<DataSettings, 'source' | 'import'>): DataFacts | null {
    const dataset = find(data);
    if (dataset === null) return null;
    const { inputShape, classNames, targets, task, statistics, trainSamples } = dataset;
    const values = { kind: dataset.values, statistics };
    const all = { inputShape, values, trainSamples, classes: classNames.length };
    return task === 'regression' ? { ...all, targets } : all;
  }

  return {
    imported,
    reading,
    report,
    missing,
    outdated,
    askedAbout,
    facts,
    load,
    check,
    refresh,
    read,
    bring,
    bringFiles,
    cancel,
    forget,
    choose,
    find,
    kindOf,
    columnsOf,
  };
});

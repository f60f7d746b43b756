import path from 'node:path';
import type { Handlers } from '../../core/contract/contract.ts';
import { checkSource } from '../datasets/datasets.ts';
import { forgetImports, importDataset, listImports } from '../datasets/import/import-dataset.ts';
import { previewDataset } from '../datasets/preview.ts';
import { isUploaded, removeUploaded } from '../datasets/uploads.ts';
import { fail } from '../failures.ts';
import type { DataWork } from './data-work.ts';
import type { EventHub } from './event-hub.ts';
import type { Shell } from './shell.ts';

type ImportCalls = 'data.check' | 'data.preview' | 'data.imported' | 'data.import' | 'data.forget' | 'data.choose';

/** Data of one's own: reading them, and what was read. */
export function importCalls(shell: Shell, work: DataWork, events: EventHub): Pick<Handlers, ImportCalls> {
  return {
    'data.check': ({ source, settings }) => checkSource({ source, import: settings }),
    'data.imported': async () =>
      (await listImports())
        .filter(({ kind }) => kind !== 'generated')
        .map((dataset) => (isUploaded(dataset.source) ? { ...dataset, isUploaded: true } : dataset)),
    'data.import': ({ source, settings }) => {
      if (!path.isAbsolute(source)) {
        fail('badUsage', `${source} is not an absolute path.`, { at: 'data.source' });
      }
      const read = async (follower: Parameters<typeof importDataset>[2]) =>
        (await importDataset(path.normalize(source), settings, follower)).dataset;
      return work.join(source, read, JSON.stringify([source, settings]));
    },
    'data.preview': ({ source, settings }) => previewDataset({ source, import: settings }),
    'data.forget': async ({ source }) => {
      await forgetImports(source);
      await removeUploaded(source);
      events.emit('dataChanged', { name: source });
    },
    'data.choose': async ({ what }) => {
      const source = (await shell.dialogs?.chooseData(what)) ?? null;
      return source === null ? null : { source };
    },
  };
}

import path from 'node:path';
import type { Handlers } from '../../core/contract/contract.ts';
import type { ImportedDataset } from '../../core/contract/data.ts';
import type { OnProgress } from '../datasets/download.ts';
import { forgetImports, importDataset, listImports } from '../datasets/import/import-dataset.ts';
import { fail } from '../failures.ts';
import type { EventHub } from './event-hub.ts';
import type { Shell } from './shell.ts';

type ImportCalls = 'data.imported' | 'data.import' | 'data.forget' | 'data.choose';

const millisecondsBetween = 100;

/** Data of one's own: reading them, and what was read. */
export function importCalls(shell: Shell, events: EventHub): Pick<Handlers, ImportCalls> {
  /** Two windows that ask for the same set wait for one import. */
  const underWay = new Map<string, Promise<ImportedDataset>>();
  return {
    'data.imported': async () => (await listImports()).filter(({ kind }) => kind !== 'generated'),
    'data.import': ({ source, settings }) => {
      if (!path.isAbsolute(source)) {
        fail('badUsage', `${source} is no whole path: it must begin at the root.`, { at: 'data.source' });
      }
      const key = JSON.stringify([source, settings]);
      const tell = progressOf(source, events);
      const importing =
        underWay.get(key) ??
        importDataset(path.normalize(source), settings, tell)
          .then(({ dataset }) => dataset)
          .finally(() => underWay.delete(key));
      underWay.set(key, importing);
      return importing;
    },
    'data.forget': ({ source }) => forgetImports(source),
    'data.choose': async ({ what }) => {
      const source = (await shell.dialogs?.chooseData(what)) ?? null;
      return source === null ? null : { source };
    },
  };
}

/** About ten reports a second. */
function progressOf(name: string, events: EventHub): OnProgress {
  let last = 0;
  return (progress) => {
    if (Date.now() - last < millisecondsBetween) return;
    last = Date.now();
    events.emit('dataProgress', { name, ...progress });
  };
}

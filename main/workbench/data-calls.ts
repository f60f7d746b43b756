import type { Handlers } from '../../core/contract/contract.ts';
import type { DatasetDescription } from '../../core/contract/data.ts';
import { whenChecked } from '../datasets/checked.ts';
import { folderOf } from '../datasets/datasets.ts';
import { discardKept, downloadBytes, getDataset, keptBytes } from '../datasets/get-dataset.ts';
import { knownDataset, knownDatasets } from '../datasets/known-datasets.ts';
import type { KnownDataset } from '../datasets/known-datasets.ts';
import { fail } from '../failures.ts';
import type { DataWork } from './data-work.ts';
import type { EventHub } from './event-hub.ts';

type DataCall = 'data.list' | 'data.get' | 'data.cancel' | 'data.discard';

export function dataCalls(work: DataWork, events: EventHub): Pick<Handlers, DataCall> {
  return {
    'data.list': () => Promise.all(knownDatasets.map((known) => describe(known, work))),
    'data.get': ({ name }) => {
      const known = named(name);
      return work.join(name, async (follower) => ({ folder: await getDataset(known, follower) }));
    },
    'data.cancel': ({ name }) => work.cancel(name),
    'data.discard': async ({ name }) => {
      await discardKept(named(name));
      events.emit('dataChanged', { name });
    },
  };
}

function named(name: string): KnownDataset {
  return knownDataset(name) ?? fail('notFound', `There is no data set '${name}'.`, { at: name });
}

async function describe(known: KnownDataset, work: DataWork): Promise<DatasetDescription> {
  const { name, title, inputShape, trainSamples, testSamples, classNames, source, licence, bytes, arrival } = known;
  const folder = await folderOf(known);
  const facts = { name, title, inputShape, trainSamples, testSamples, classNames };
  return {
    ...facts,
    source,
    licence,
    bytes,
    arrival,
    downloadBytes: downloadBytes(known),
    keptBytes: await keptBytes(known),
    folder,
    checked: folder === null ? null : await whenChecked(known, folder),
    underway: work.progressOf(name),
  };
}

import type { Handlers } from '../../core/contract/contract.ts';
import type { DatasetDescription } from '../../core/contract/data.ts';
import { folderOf, getDataset } from '../datasets/datasets.ts';
import { knownDataset, knownDatasets } from '../datasets/known-datasets.ts';
import type { KnownDataset } from '../datasets/known-datasets.ts';
import { fail } from '../failures.ts';
import type { EventHub } from './event-hub.ts';

export function dataCalls(events: EventHub): Pick<Handlers, 'data.list' | 'data.get'> {
  /** Two windows that ask for the same set wait for one download. */
  const underWay = new Map<string, Promise<{ readonly folder: string }>>();
  return {
    'data.list': () => Promise.all(knownDatasets.map(describe)),
    'data.get': ({ name }) => {
      const known = knownDataset(name) ?? fail('notFound', `There is no data set '${name}'.`, { at: name });
      const getting = underWay.get(name) ?? get(known, events).finally(() => underWay.delete(name));
      underWay.set(name, getting);
      return getting;
    },
  };
}

async function get(known: KnownDataset, events: EventHub): Promise<{ readonly folder: string }> {
  const folder = await getDataset(known, (progress) => events.emit('dataProgress', { name: known.name, ...progress }));
  return { folder };
}

async function describe(known: KnownDataset): Promise<DatasetDescription> {
  const { name, title, inputShape, trainSamples, testSamples, classNames, source, licence, bytes, arrival } = known;
  const folder = await folderOf(known);
  const facts = { name, title, inputShape, trainSamples, testSamples, classNames };
  return { ...facts, source, licence, bytes, arrival, folder };
}

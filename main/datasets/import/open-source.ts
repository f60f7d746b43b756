import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail, withFile } from '../../failures.ts';
import { rolesOf } from './array-names.ts';
import type { ArrayRoles } from './array-names.ts';
import { openArrays } from './array-source.ts';
import { openTable } from './csv-source.ts';
import { readImageFolder } from './image-folder.ts';
import { openImages } from './image-source.ts';
import { unpackNpz } from './npz.ts';
import type { OpenedSource, OpenRequest } from './source.ts';

const tableEnding = /\.(csv|tsv|txt)$/i;

/** What a file or folder is, by its name and by what lies in it. Throws a FailureError that says what is known. */
export async function openSource(request: OpenRequest): Promise<OpenedSource> {
  const { place } = request;
  const found = await withFile(place, () => stat(place));
  return found.isDirectory() ? openFolder(request) : openFile(request);
}

async function openFile(request: OpenRequest): Promise<OpenedSource> {
  const { place, scratch } = request;
  if (tableEnding.test(place)) return openTable({ train: place, test: null }, request);
  if (place.toLowerCase().endsWith('.npz')) return openNamed(await unpackNpz(place, scratch), request);
  return fail('badData', `${place} is no data that can be read.`, {
    at: place,
    advice: 'Files with the ending .csv, .tsv or .npz are read, and folders of images, tables or .npy files.',
  });
}

async function openFolder(request: OpenRequest): Promise<OpenedSource> {
  const { place } = request;
  const names = await readdir(place);
  const arrays = names.filter((name) => name.toLowerCase().endsWith('.npy'));
  const byName = new Map(arrays.map((name) => [name.slice(0, -'.npy'.length), path.join(place, name)]));
  if (rolesOf([...byName.keys()]) !== null) return openNamed(byName, request);
  const table = tableFiles(names);
  if (table !== null) {
    const test = table.test === null ? null : path.join(place, table.test);
    return openTable({ train: path.join(place, table.train), test }, request);
  }
  const images = await readImageFolder(place);
  if (images !== null) return openImages(images, request);
  return fail('badData', `${place} holds no data that can be read.`, {
    at: place,
    advice:
      'Known are: a folder of images for each class (also below train and test), train.csv and test.csv, x.npy and ' +
      'y.npy (also x_train.npy …), the IDX files of MNIST and the binary files of CIFAR-10.',
  });
}

function openNamed(arrays: ReadonlyMap<string, string>, request: OpenRequest): Promise<OpenedSource> {
  const roles = rolesOf([...arrays.keys()]);
  if (roles === null) {
    const names = arrays.size === 0 ? 'none' : [...arrays.keys()].join(', ');
    fail('badData', `${request.place} holds no arrays called x and y, or x_train and y_train (found: ${names}).`, {
      at: request.place,
    });
  }
  const pair = ({ inputs, targets }: ArrayRoles['train']) => ({
    inputs: arrays.get(inputs)!,
    targets: arrays.get(targets)!,
  });
  return openArrays(pair(roles.train), roles.test === null ? null : pair(roles.test), request);
}

/** train.csv with or without test.csv, or the only table there is. */
function tableFiles(names: readonly string[]): { readonly train: string; readonly test: string | null } | null {
  const tables = names.filter((name) => tableEnding.test(name) && !name.startsWith('.'));
  const called = (...stems: string[]): string | undefined =>
    tables.find((name) => stems.includes(name.toLowerCase().replace(tableEnding, '')));
  const train =
    called('train', 'training') ?? (tables.length === 1 && /\.[ct]sv$/i.test(tables[0]!) ? tables[0] : undefined);
  if (train === undefined) return null;
  return { train, test: called('test', 'testing', 'val', 'valid', 'validation') ?? null };
}

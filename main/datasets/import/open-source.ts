import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fail, withFile } from '../../failures.ts';
import { openTable } from './csv-source.ts';
import { pictureEnding } from './folder-tree.ts';
import { openImages } from './image-source.ts';
import type { StoredArray } from './array-source.ts';
import { readImageFolder } from './image-folder.ts';
import { openNamedArrays } from './named-arrays.ts';
import { rolesOf } from './array-names.ts';
import { addressOf } from './npy-header.ts';
import { unpackNpz } from './npz.ts';
import type { FolderScan } from './scan-folder.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import { tableEnding, tableFiles } from './table-files.ts';
import type { TableNames } from './table-files.ts';

/** What a file or folder is, by its name and by what lies in it. Throws a FailureError that says what is known. */
export async function openSource(request: OpenRequest): Promise<OpenedSource> {
  const { place, scan } = request;
  if (scan !== null) return openFolder(request, scan);
  const found = await withFile(place, () => stat(place));
  if (!found.isFile()) fail('badData', `${place} is a device, pipe or socket, not a file.`, { at: place });
  return openFile(request, place, path.basename(place));
}

/** `name`: as the ledger knows the file. */
async function openFile(request: OpenRequest, file: string, name: string): Promise<OpenedSource> {
  const { files, scratch } = request;
  if (tableEnding.test(file)) {
    files.use('divided', name);
    return openTable({ train: file, test: null }, request);
  }
  if (file.toLowerCase().endsWith('.npz')) {
    const arrays = await unpackNpz(file, scratch);
    files.use('divided', name);
    return openNamedArrays(arrays, request);
  }
  return fail('badData', `${file} is not in a supported format.`, {
    at: file,
    advice: 'Use a .csv, .tsv or .npz file, or a folder of images, tables or .npy files.',
  });
}

/**
 * Arrays by their names come first, then pictures in folders of classes or with a list of their classes, then tables.
 * A table beside such pictures is left out.
 */
async function openFolder(request: OpenRequest, scan: FolderScan): Promise<OpenedSource> {
  const { place, settings } = request;
  const root = rootOf(scan);
  const here = filesIn(scan, root);
  const arrays = arraysAmong(here, place);
  if (arrays !== null) return openArrayFolder(arrays, request);
  const images = await readImageFolder(place, scan, settings);
  if (images !== null && images.areClassesCertain) return openImages(images, request);
  const table = tableFiles(here.map((name) => path.posix.basename(name)));
  if (table !== null) return openTables(table, root, request);
  if (images !== null) return openImages(images, request);
  const [archive, ...others] = here.filter((name) => /\.npz$/i.test(name));
  if (archive !== undefined && others.length === 0) return openFile(request, path.join(place, archive), archive);
  return refuse(place, scan);
}

/** The folder with the data: one that holds nothing but a folder is only its wrapping. Below the place. */
function rootOf({ files, folders }: FolderScan): string {
  let root = '';
  for (;;) {
    const prefix = root === '' ? '' : `${root}/`;
    const isChild = (name: string): boolean => name.startsWith(prefix) && !name.slice(prefix.length).includes('/');
    const [only, ...others] = folders.filter(isChild);
    if (only === undefined || others.length > 0 || files.some(({ name }) => isChild(name))) return root;
    root = only;
  }
}

function filesIn({ files }: FolderScan, root: string): readonly string[] {
  const prefix = root === '' ? '' : `${root}/`;
  return files
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('/'));
}

/** Files by the name of their array; null: none are called inputs and targets. */
function arraysAmong(names: readonly string[], place: string): ReadonlyMap<string, string> | null {
  const arrays = names.filter((name) => /\.npy$/i.test(name));
  const byName = new Map(
    arrays.map((name) => [path.posix.basename(name).slice(0, -'.npy'.length), path.join(place, name)]),
  );
  return rolesOf([...byName.keys()]) === null ? null : byName;
}

async function openArrayFolder(arrays: ReadonlyMap<string, string>, request: OpenRequest): Promise<OpenedSource> {
  const { train, test, leftOut } = rolesOf([...arrays.keys()])!;
  const { place, files } = request;
  const nameOf = (array: string): string => path.relative(place, arrays.get(array)!).replaceAll('\\', '/');
  for (const array of [train.inputs, train.targets]) files.use(test === null ? 'divided' : 'training', nameOf(array));
  if (test !== null) for (const array of [test.inputs, test.targets]) files.use('testing', nameOf(array));
  for (const { name, reason } of leftOut) files.leaveOut(reason, nameOf(name));
  const stored = [...arrays].map(([name, file]): [string, StoredArray] => [name, { file, address: addressOf(file) }]);
  return openNamedArrays(new Map(stored), request);
}

async function openTables(
  { train, test, leftOut }: TableNames,
  root: string,
  request: OpenRequest,
): Promise<OpenedSource> {
  const { place, files } = request;
  const below = (name: string): string => path.posix.join(root, name);
  const fileOf = (name: string): string => path.join(place, below(name));
  const opened = await openTable({ train: fileOf(train), test: test === null ? null : fileOf(test) }, request);
  files.use(opened.isSplit ? 'training' : 'divided', below(train));
  if (test !== null && opened.isSplit) files.use('testing', below(test));
  else if (test !== null) files.leaveOut('it has no target column, so it cannot be used for testing', below(test));
  for (const { name, reason } of leftOut) files.leaveOut(reason, below(name));
  return opened;
}

/** Why a file of a folder was neither read nor left out by whoever read the folder. */
export function whyUnused(kind: OpenedSource['kind'], name: string): string {
  if (pictureEnding.test(name)) {
    return kind === 'images' ? 'it is outside the folders that were read' : 'it is an image next to the data';
  }
  if (tableEnding.test(name) && kind === 'images') return 'it is text next to the images that lists none of them';
  return kind === 'images' ? 'its extension is not that of an image' : 'its name does not match the data';
}

function refuse(place: string, { files }: FolderScan): never {
  const pictures = files.filter(({ name }) => pictureEnding.test(name)).length;
  if (pictures > 0) {
    fail('badData', `${place} holds ${pictures} images, but neither folders nor a list that give their classes.`, {
      at: place,
      advice:
        'Put the images of each class in a folder of its own, or add a CSV file with their names and classes, such as ' +
        'filename,label.',
    });
  }
  return fail('badData', `${place} contains no data in a supported format.`, {
    at: place,
    advice:
      'Supported are a folder of images for each class (also below train and test), train.csv and test.csv, x.npy and ' +
      'y.npy (also x_train.npy …), the IDX files of MNIST and the binary files of CIFAR-10.',
  });
}

import type { ImportSettings } from '../../../core/project/project.ts';
import { fail } from '../../failures.ts';
import { assignPictures } from './assign-pictures.ts';
import type { AssignedPictures, LabelledPicture, PartUse } from './assign-pictures.ts';
import { allPictures, folderTree } from './folder-tree.ts';
import { PictureIndex } from './picture-index.ts';
import { pictureLayout } from './picture-layout.ts';
import type { PictureLayout } from './picture-layout.ts';
import { listEnding, readPictureList } from './picture-list.ts';
import type { PictureList } from './picture-list.ts';
import type { FolderScan } from './scan-folder.ts';

/** Pictures with their classes, found in a folder. */
export interface ImageFolder {
  /** Of a regression: the different numbers to predict, as text. */
  readonly classNames: readonly string[];
  readonly task: 'classification' | 'regression';
  /** Where classes or numbers come from: a column of a list, or the folder. */
  readonly targetName: string;
  readonly images: readonly LabelledPicture[];
  /** The folder itself says which images are for testing. */
  readonly isSplit: boolean;
  readonly leftOut: AssignedPictures['leftOut'];
  /** Files that named classes or parts. */
  readonly lists: readonly string[];
  /** Whole sentences: which folders and lists were taken as what. */
  readonly notes: readonly string[];
  /** Classes are told apart, by folders or by a list. */
  readonly areClassesCertain: boolean;
}

/** Null: no picture in the folder has a class. */
export async function readImageFolder(
  place: string,
  scan: FolderScan,
  settings: ImportSettings,
): Promise<ImageFolder | null> {
  const files = scan.files.map(({ name }) => name);
  const tree = folderTree(files, scan.folders);
  if (tree.picturesBelow === 0) return null;
  const layout = pictureLayout(tree);
  const target = typeof settings.target === 'string' ? settings.target : undefined;
  const lists = await readLists(place, files, layout, new PictureIndex(allPictures(tree)), target);
  const assigned = assignPictures(layout, lists, settings);
  if (assigned === null) return null;
  if (settings.task === 'regression' && assigned.task !== 'regression') {
    fail('badData', `${place} has classes with names, not numbers to predict.`, { at: 'data.import.task' });
  }
  const { classNames, task, pictures, isSplit, leftOut, classesBy } = assigned;
  if (isSplit && assigned.parts.train === undefined) {
    fail('badData', `${place} has validation and test parts, but no training part.`, {
      at: place,
      advice: 'Name the folder or list of the training images "train".',
    });
  }
  return {
    classNames,
    task,
    targetName: assigned.lists.find(({ labelColumn }) => labelColumn !== null)?.labelColumn ?? 'the folder',
    images: pictures,
    isSplit,
    leftOut,
    lists: assigned.lists.map(({ file }) => file),
    notes: notesOf(layout, assigned),
    areClassesCertain: classesBy === 'lists' || classNames.length > 1,
  };
}

/** Only files of the folders around the pictures: those below folders of classes name none. */
async function readLists(
  place: string,
  files: readonly string[],
  layout: PictureLayout,
  index: PictureIndex,
  target: string | undefined,
): Promise<readonly PictureList[]> {
  const around = new Set(['', ...ancestors(layout.root), ...layout.splits.flatMap(({ path }) => ancestors(path))]);
  const lists: PictureList[] = [];
  for (const file of files) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    if (!listEnding.test(file) || !around.has(folder)) continue;
    const list = await readPictureList(place, file, index, target);
    if (list !== null) lists.push(list);
  }
  return lists;
}

/** The folder itself and all above it, without the top. */
function ancestors(folder: string): readonly string[] {
  const parts = folder === '' ? [] : folder.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function notesOf(layout: PictureLayout, { task, isSplit, lists, classesBy, parts }: AssignedPictures): string[] {
  const labelColumns = new Set(lists.map(({ labelColumn }) => labelColumn));
  const missing = lists.reduce((sum, list) => sum + list.missing, 0);
  const named = lists.map(({ file }) => file).join(' and ');
  return [
    ...(layout.root === '' ? [] : [`The data set is in the folder ${layout.root}.`]),
    ...(isSplit ? [partsInWords(layout, lists, parts)] : []),
    ...(classesBy === 'lists'
      ? [
          `${task === 'regression' ? 'The numbers to predict' : 'The classes'} are read from ${[...labelColumns].join(', ')} in ${named}.`,
        ]
      : []),
    ...(missing > 0 ? [`Rows of ${named} without an image file: ${missing}.`] : []),
    ...(layout.empty.length > 0 ? [`Folders without images, ignored as classes: ${layout.empty.join(', ')}.`] : []),
    ...(layout.nested.length > 0 && classesBy === 'folders'
      ? [`Images in subfolders of ${layout.nested.join(', ')} belong to the class of that folder.`]
      : []),
  ];
}

const useInWords = { train: 'for training', test: 'for testing', leftOut: 'left out' } as const;

function partsInWords(layout: PictureLayout, lists: readonly PictureList[], parts: PartUse): string {
  const sources = layout.splits.length > 0 ? layout.splits : lists.map(({ file, role }) => ({ path: file, role }));
  const words = sources.flatMap(({ path, role }) => {
    const use = role === null ? undefined : parts[role];
    return use === undefined ? [] : [`${path} ${useInWords[use]}`];
  });
  return `Parts of the source: ${words.slice(0, 12).join(', ')}${words.length > 12 ? ', …' : ''}.`;
}

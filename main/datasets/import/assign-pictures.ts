import type { ImportSettings } from '../../../core/project/project.ts';
import { readCell } from './cell.ts';
import { inClassOrder, taskOf } from './target-kind.ts';
import type { PictureLayout, PlacedPicture } from './picture-layout.ts';
import type { PictureList } from './picture-list.ts';
import type { SplitRole } from './split-role.ts';

/** A picture with its class, as it lies below the top of the data set. */
export interface LabelledPicture {
  readonly name: string;
  readonly label: number;
  readonly isTest: boolean;
}

export interface AssignedPictures {
  /** Of a regression: the different numbers to predict, as text. */
  readonly classNames: readonly string[];
  readonly task: 'classification' | 'regression';
  readonly pictures: readonly LabelledPicture[];
  /** The source itself says which pictures are for testing. */
  readonly isSplit: boolean;
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Lists that decided something. */
  readonly lists: readonly PictureList[];
  readonly classesBy: 'folders' | 'lists';
  /** Parts of the source as they are used. */
  readonly parts: PartUse;
}

/** By role: what became of the pictures of a part. Empty: the source has no parts. */
export type PartUse = Readonly<Partial<Record<SplitRole, 'train' | 'test' | 'leftOut'>>>;

interface Candidate {
  readonly name: string;
  readonly role: SplitRole | null;
  readonly className: string;
}

/** Null: no picture has a class. */
export function assignPictures(
  layout: PictureLayout,
  lists: readonly PictureList[],
  settings: ImportSettings,
): AssignedPictures | null {
  const byFolder = new Set(layout.pictures.map(({ className }) => className).filter((name) => name !== null));
  const labelling = lists.filter(({ labelColumn }) => labelColumn !== null);
  const classesBy = byFolder.size < 2 && labelling.length > 0 ? 'lists' : 'folders';
  const listOf = firstListOf(classesBy === 'lists' ? labelling : lists);
  const folderRoles = new Set(layout.pictures.map(({ role }) => role));
  const areListsParts =
    folderRoles.size < 2 &&
    lists.some(({ role }) => role === 'train') &&
    new Set(lists.map(({ role }) => role)).size > 1;
  const leftOut: { name: string; reason: string }[] = [];
  const candidates: Candidate[] = [];
  for (const picture of layout.pictures) {
    const list = listOf.get(picture.name);
    const className = classesBy === 'folders' ? picture.className : (list?.labels.get(picture.name) ?? '') || null;
    const role = areListsParts ? (list?.role ?? null) : picture.role;
    if (className === null) {
      leftOut.push({ name: picture.name, reason: withoutClass(picture, classesBy, list !== undefined) });
    } else if (areListsParts && role === null) {
      leftOut.push({ name: picture.name, reason: 'no list assigns it to a part' });
    } else {
      candidates.push({ name: picture.name, role, className });
    }
  }
  if (candidates.length === 0) return null;
  const parts = partsOf(candidates);
  const task = taskOfLabels(candidates, classesBy, settings);
  const isSplit = Object.values(parts).includes('test');
  const decided = areListsParts || classesBy === 'lists' ? new Set(listOf.values()) : new Set<PictureList>();
  return {
    ...labelled(candidates, parts, { isSplit, task }, leftOut),
    task,
    isSplit,
    leftOut,
    lists: [...decided],
    classesBy,
    parts,
  };
}

/** Folders stand for classes; the numbers of a list may be numbers to predict, as those of a table. */
function taskOfLabels(
  candidates: readonly Candidate[],
  classesBy: 'folders' | 'lists',
  settings: ImportSettings,
): 'classification' | 'regression' {
  const labels = candidates.map(({ className }) => className);
  const areNumbers = labels.every((label) => readCell(label).kind === 'number');
  if (!areNumbers || (classesBy === 'folders' && settings.task === undefined)) return 'classification';
  const areWhole = labels.every((label) => Number.isInteger(Number(label)));
  return taskOf(settings, { areNumbers, areWhole, different: new Set(labels).size, samples: labels.length });
}

function firstListOf(lists: readonly PictureList[]): ReadonlyMap<string, PictureList> {
  const found = new Map<string, PictureList>();
  for (const list of lists) for (const name of list.labels.keys()) if (!found.has(name)) found.set(name, list);
  return found;
}

function withoutClass({ role }: PlacedPicture, classesBy: 'folders' | 'lists', isListed: boolean): string {
  if (classesBy === 'lists') return isListed ? 'its list gives no class for it' : 'no list gives its class';
  return role === null ? 'it is next to the class folders, so it has no class' : 'its part has no folder for its class';
}

/** Training and test pictures are used; those for validation are the test pictures where there are no others. */
function partsOf(candidates: readonly Candidate[]): PartUse {
  const roles = new Set(candidates.map(({ role }) => role));
  // All that is there is one part, whatever its name.
  if (roles.size < 2) return {};
  const uses: Partial<Record<SplitRole, 'train' | 'test' | 'leftOut'>> = {};
  if (roles.has('train')) uses.train = 'train';
  if (roles.has('test')) uses.test = 'test';
  if (roles.has('validation')) uses.validation = roles.has('test') ? 'leftOut' : 'test';
  return uses;
}

function labelled(
  candidates: readonly Candidate[],
  parts: PartUse,
  { isSplit, task }: Pick<AssignedPictures, 'isSplit' | 'task'>,
  leftOut: { name: string; reason: string }[],
): Pick<AssignedPictures, 'classNames' | 'pictures'> {
  const useOf = ({ role }: Candidate): 'train' | 'test' | 'leftOut' =>
    !isSplit || role === null ? 'train' : parts[role]!;
  // A class that no training picture has cannot be learned; a number can be predicted that was never seen.
  const learned = candidates.filter(
    (one) => useOf(one) === 'train' || (task === 'regression' && useOf(one) === 'test'),
  );
  const classNames = inClassOrder(new Set(learned.map(({ className }) => className)));
  const labels = new Map(classNames.map((name, label) => [name, label]));
  const pictures: LabelledPicture[] = [];
  for (const candidate of candidates) {
    const { name, className } = candidate;
    const label = labels.get(className);
    const use = useOf(candidate);
    if (use === 'leftOut') leftOut.push({ name, reason: 'it is for validation; there are training and test images' });
    else if (label === undefined) leftOut.push({ name, reason: 'its class has no training images' });
    else pictures.push({ name, label, isTest: use === 'test' });
  }
  return { classNames, pictures };
}

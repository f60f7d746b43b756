import { allPictures, withPictures } from './folder-tree.ts';
import type { FolderNode } from './folder-tree.ts';
import { looseSplitRole, splitRole } from './split-role.ts';
import type { SplitRole } from './split-role.ts';

/** A picture as its folders place it. */
export interface PlacedPicture {
  readonly name: string;
  /** The part of the data set whose folder it lies in; null: no folder stands for a part. */
  readonly role: SplitRole | null;
  /** The folder that stands for its class; null: none does. */
  readonly className: string | null;
}

/** What the folders of a data set stand for. */
export interface PictureLayout {
  readonly pictures: readonly PlacedPicture[];
  /** The folder that holds the classes or the parts, below the top; '' is the top itself. */
  readonly root: string;
  /** Folders that stand for parts, below the top. */
  readonly splits: readonly { readonly path: string; readonly role: SplitRole }[];
  /** Folders beside those of classes that hold no picture. */
  readonly empty: readonly string[];
  /** Folders of classes that have folders of their own with pictures, which count as that class. */
  readonly nested: readonly string[];
  /** Folders with pictures that lie beside those of the parts. */
  readonly beside: readonly string[];
}

type Split = PictureLayout['splits'][number];

/** Decides by names and nesting alone. */
export function pictureLayout(top: FolderNode): PictureLayout {
  const root = unwrapped(top);
  const splits = splitFolders(root);
  if (splits.length > 0) return splitLayout(root, splits);
  const within = splitsWithinClasses(root);
  if (within !== null) return within;
  return withFolders(root.path, [], [{ node: root, role: null }]);
}

/** Without the folders around a data set: one that holds nothing else with pictures is no class. */
function unwrapped(node: FolderNode): FolderNode {
  const [only, ...others] = withPictures(node);
  if (only === undefined || others.length > 0 || node.pictures.length > 0 || only.pictures.length > 0) return node;
  return unwrapped(only);
}

interface SplitFolder {
  readonly node: FolderNode;
  readonly role: SplitRole;
}

/**
 * The folders that stand for parts: several parts are named, and they hold folders of classes, or nothing but they hold
 * pictures. A class may be called train, too: one among others is a class.
 */
function splitFolders(root: FolderNode): readonly SplitFolder[] {
  const folders = withPictures(root);
  const named = folders.flatMap((node) => roleOf(node, splitRole));
  const all = folders.flatMap((node) => roleOf(node, looseSplitRole));
  const candidates = all.length === folders.length ? all : named;
  const haveClasses = candidates.some(({ node }) => withPictures(node).length > 0);
  const isSeveral = new Set(candidates.map(({ role }) => role)).size > 1;
  if (isSeveral && (haveClasses || candidates.length === folders.length)) return candidates;
  return [];
}

function roleOf(node: FolderNode, role: typeof splitRole): readonly SplitFolder[] {
  const found = role(node.name);
  return found === null ? [] : [{ node, role: found }];
}

function splitLayout(root: FolderNode, splits: readonly SplitFolder[]): PictureLayout {
  const nodes = splits.map(({ node, role }) => ({ node: innermost(node), role }));
  const layout = withFolders(
    root.path,
    splits.map(({ node, role }) => ({ path: node.path, role })),
    nodes,
  );
  const isSplit = new Set(splits.map(({ node }) => node));
  const beside = withPictures(root)
    .filter((node) => !isSplit.has(node))
    .map(({ path }) => path);
  return { ...layout, beside };
}

/** train/train/cat: a part within a folder of the same part, or of any name around folders of classes. */
function innermost(node: FolderNode): FolderNode {
  const [only, ...others] = withPictures(node);
  if (only === undefined || others.length > 0 || node.pictures.length > 0) return node;
  const isPart = splitRole(only.name) !== null;
  return isPart || (only.pictures.length === 0 && withPictures(only).length > 1) ? innermost(only) : node;
}

/** cat/train, cat/test, dog/train, dog/test: null where not every class is parted so. */
function splitsWithinClasses(root: FolderNode): PictureLayout | null {
  const classes = withPictures(root);
  if (classes.length < 2 || root.pictures.length > 0) return null;
  const pictures: PlacedPicture[] = [];
  const splits: Split[] = [];
  for (const node of classes) {
    const parts = withPictures(node).map((part) => ({ part, role: splitRole(part.name) }));
    if (node.pictures.length > 0 || parts.length < 2) return null;
    for (const { part, role } of parts) {
      if (role === null) return null;
      splits.push({ path: part.path, role });
      for (const name of allPictures(part)) pictures.push({ name, role, className: className(node) });
    }
  }
  return { pictures, root: root.path, splits, empty: emptyFolders(root), nested: [], beside: [] };
}

/** The folders in each of the nodes stand for classes. */
function withFolders(
  root: string,
  splits: readonly Split[],
  nodes: readonly { readonly node: FolderNode; readonly role: SplitRole | null }[],
): PictureLayout {
  const pictures = nodes.flatMap(({ node, role }): readonly PlacedPicture[] => [
    ...withPictures(node).flatMap((folder) =>
      allPictures(folder).map((name) => ({ name, role, className: className(folder) })),
    ),
    ...node.pictures.map((name) => ({ name, role, className: null })),
  ]);
  const hasClasses = pictures.some((picture) => picture.className !== null);
  return {
    pictures,
    root,
    splits,
    empty: hasClasses ? nodes.flatMap(({ node }) => emptyFolders(node)) : [],
    nested: nodes.flatMap(({ node }) =>
      withPictures(node)
        .filter((folder) => withPictures(folder).length > 0)
        .map(({ path }) => path),
    ),
    beside: [],
  };
}

function emptyFolders(node: FolderNode): readonly string[] {
  return node.folders.filter(({ picturesBelow }) => picturesBelow === 0).map(({ path }) => path);
}

/** Composed: some systems decompose the letters of names, others do not, and both mean one class. */
function className({ name }: FolderNode): string {
  return name.normalize('NFC');
}

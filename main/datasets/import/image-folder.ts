import { readdir, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import path from 'node:path';

/** An image of a class, as it lies in a folder. */
export interface ImageFile {
  readonly file: string;
  /** Below the folder of the data set, for reports. */
  readonly name: string;
  readonly label: number;
  readonly isTest: boolean;
}

export interface ImageFolder {
  readonly classNames: readonly string[];
  readonly images: readonly ImageFile[];
  /** The folder itself says which images are for testing. */
  readonly isSplit: boolean;
  /** Files that are no images by their ending, by name below the folder. */
  readonly others: readonly string[];
  /** Of images of a class that has none for training. */
  readonly withoutTraining: readonly string[];
}

const endings = /\.(png|jpe?g|webp)$/i;
const trainNames = ['train', 'training'];
const testNames = ['test', 'testing', 'val', 'valid', 'validation'];

/** A folder for each class, or train/ and test/ (or validation/) with a folder for each class in both. Null: neither. */
export async function readImageFolder(folder: string): Promise<ImageFolder | null> {
  const top = await subfolders(folder);
  const train = trainNames.find((name) => top.includes(name));
  const test = testNames.find((name) => top.includes(name));
  const isSplit = train !== undefined && test !== undefined;
  const roots = isSplit ? [train, test] : [''];
  const others: string[] = [];
  const found: { className: string; name: string; isTest: boolean }[] = [];
  for (const root of roots) {
    const isTest = isSplit && root === test;
    for (const className of await subfolders(path.join(folder, root))) {
      for (const name of await filesBelow(folder, path.join(root, className))) {
        if (endings.test(name)) found.push({ className, name, isTest });
        else others.push(name);
      }
    }
  }
  if (found.length === 0) return null;
  const classNames = [...new Set(found.filter(({ isTest }) => !isTest).map(({ className }) => className))].sort(
    inOrder,
  );
  const labels = new Map(classNames.map((name, label) => [name, label]));
  const isLabelled = ({ className }: { readonly className: string }): boolean => labels.has(className);
  return {
    classNames,
    images: found.filter(isLabelled).map(({ className, name, isTest }) => ({
      file: path.join(folder, name),
      name,
      label: labels.get(className)!,
      isTest,
    })),
    isSplit,
    others,
    withoutTraining: found.filter((image) => !isLabelled(image)).map(({ name }) => name),
  };
}

/** 2 before 10. */
function inOrder(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

async function subfolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort(inOrder);
}

/** Names below `folder` of all files in a subfolder and below it, hidden ones left out. Links to folders are not followed. */
async function filesBelow(folder: string, sub: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(folder, sub), { withFileTypes: true });
  const visible = entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((one, other) => inOrder(one.name, other.name));
  const lists = await Promise.all(visible.map((entry) => namesOf(folder, path.join(sub, entry.name), entry)));
  return lists.flat();
}

async function namesOf(folder: string, name: string, entry: Dirent): Promise<readonly string[]> {
  if (entry.isDirectory()) return filesBelow(folder, name);
  if (entry.isFile()) return [name];
  const isFile = await stat(path.join(folder, name)).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? [name] : [];
}

import { constants, copyFile, link, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SplitFiles } from '../../core/training/plan.ts';
import { filesOf } from '../datasets/content.ts';
import { namesFile, positionsFile } from '../datasets/import/split-writer.ts';
import { isErrorWithCode, withFile } from '../failures.ts';
import { makeFolder } from '../files.ts';
import { runFolder } from './run-folder.ts';

/** Both splits of a data set. */
export interface DataFiles {
  readonly train: SplitFiles;
  readonly test: SplitFiles;
}

/** More than so many bytes are not copied into a run; what can be linked costs nothing and is kept whatever its size. */
const mostCopied = 2 ** 31;

/**
 * Keeps a data set with a run, so that the run stays what it is when its source changes or goes. `mayLink`: the files
 * are never written again under the same name, as those of an import; a link of them takes no space. Answers whether
 * they are kept.
 */
export async function keepData(run: string, files: DataFiles, mayLink: boolean): Promise<boolean> {
  const folder = keptFolder(run);
  const pairs = [...pairsOf(run, files), ...(await namesBeside(files, folder))];
  await withFile(folder, () => rm(folder, { recursive: true, force: true }));
  await makeFolder(folder);
  for (const [from, to] of mayLink ? pairs : []) {
    if (!(await linked(from, to))) return copyAll(pairs);
  }
  return mayLink || copyAll(pairs);
}

/** Where a run keeps its data set; null: not all of it is there. */
export async function keptData(run: string, files: DataFiles): Promise<DataFiles | null> {
  const places = pairsOf(run, files).map(([, to]) => to);
  const found = await Promise.all(places.map((place) => stat(place).catch(() => null)));
  if (!found.every((each) => each?.isFile() === true)) return null;
  return keptFiles(run, files);
}

/** Where a run would keep these files, whether it does or not. */
export function keptFiles(run: string, { train, test }: DataFiles): DataFiles {
  return { train: keptSplit(run, 'train', train), test: keptSplit(run, 'test', test) };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    // Another disk, a file system without links, or a file of somebody else's.
    if (isErrorWithCode(error, 'EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EMLINK')) return false;
    return withFile(from, () => Promise.reject(error as Error));
  }
}

async function copyAll(pairs: readonly (readonly [from: string, to: string])[]): Promise<boolean> {
  const sizes = await Promise.all(pairs.map(([from]) => withFile(from, async () => (await stat(from)).size)));
  if (sizes.reduce((sum, size) => sum + size, 0) > mostCopied) return false;
  for (const [from, to] of pairs) await withFile(to, () => copyFile(from, to, constants.COPYFILE_FICLONE));
  return true;
}

function pairsOf(run: string, files: DataFiles): readonly (readonly [from: string, to: string])[] {
  return (['train', 'test'] as const).flatMap((name) => {
    const kept = filesOf(keptSplit(run, name, files[name]));
    return filesOf(files[name]).map((from, place) => [from, kept[place]!] as const);
  });
}

/** An import keeps beside the samples what they are called in its source: names of files, or positions in one. */
async function namesBeside({ test }: DataFiles, folder: string): Promise<readonly (readonly [string, string])[]> {
  if (test.format !== 'arrays') return [];
  const beside = path.dirname(test.inputs);
  const pairs = [namesFile, positionsFile].map((fileIn) => [fileIn(beside, 'test'), fileIn(folder, 'test')] as const);
  const found = await Promise.all(pairs.map(([from]) => stat(from).catch(() => null)));
  return pairs.filter((_, index) => found[index] !== null);
}

/** The same files under the run's folder; their endings say how they are packed. */
function keptSplit(run: string, name: 'train' | 'test', split: SplitFiles): SplitFiles {
  const place = (file: string, what: string): string =>
    path.join(keptFolder(run), `${name}-${what}${path.extname(file)}`);
  switch (split.format) {
    case 'idx':
      return { format: 'idx', images: place(split.images, 'images'), labels: place(split.labels, 'labels') };
    case 'cifar10':
      return { format: 'cifar10', files: split.files.map((file, index) => place(file, `part-${index + 1}`)) };
    case 'arrays':
      return {
        format: 'arrays',
        inputs: place(split.inputs, 'inputs'),
        targets: place(split.targets, 'targets'),
        ...(split.standardTargets && { standardTargets: place(split.standardTargets, 'standard-targets') }),
      };
  }
}

function keptFolder(run: string): string {
  return path.join(runFolder(run), 'data');
}

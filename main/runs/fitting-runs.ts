import { isEqual } from '../../core/editing/is-equal.ts';
import { knownDataset } from '../datasets/known-datasets.ts';
import { readProject } from '../projects/open-project.ts';
import { readRunData } from './run-data.ts';
import { readRunProject, runFolder } from './run-folder.ts';
import type { RunIndex, RunRow } from './run-index.ts';

/** Rows that are looked at together. */
const page = 100;

/** Runs of classifiers of these very classes, newest first. */
export async function fittingRuns(
  index: RunIndex,
  { classNames, limit }: { readonly classNames: readonly string[]; readonly limit: number },
): Promise<readonly RunRow[]> {
  const found: RunRow[] = [];
  const sort = { by: 'created', descending: true } as const;
  for (let offset = 0; found.length < limit; offset += page) {
    const { total, runs } = await index.find({ sort, offset, limit: page });
    const fit = await Promise.all(runs.map(({ id }) => fits(id, classNames).catch(() => false)));
    found.push(...runs.filter((_, place) => fit[place]));
    if (offset + page >= total) break;
  }
  return found.slice(0, limit);
}

async function fits(run: string, classNames: readonly string[]): Promise<boolean> {
  const { recipe, data } = readProject(await readRunProject(run), runFolder(run));
  if (recipe.kind === 'adversarial') return false;
  // A run of a version that kept nothing may be of a data set that is known anyway.
  const known = (await readRunData(run))?.data ?? knownDataset(data.source);
  return isEqual(known?.classNames, classNames);
}

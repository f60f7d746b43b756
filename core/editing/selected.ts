import { FailureError } from '../failure.ts';
import { moduleAt, rootOf, spotAt } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { splitPath } from '../network/node-path.ts';
import type { NodePath } from '../network/node-path.ts';
import { formatPath } from '../project/path.ts';
import type { Project } from '../project/project.ts';
import { comparePaths, isUnder } from './paths.ts';

/** Modules of one tree, in its order; none lies in another. */
export interface Selected {
  /** Where they are written: `networks.main`, `blocks.Basic.body`. */
  readonly tree: string;
  /** Where the tree is seen: `networks.main.children[3]/blocks.Basic.body`. */
  readonly root: Address;
  readonly paths: readonly NodePath[];
}

/** What is selected, tree by tree; what lies in a selected container goes with it. Refuses addresses where nothing is. */
export function selectedIn(project: Project, addresses: readonly Address[]): readonly Selected[] {
  const outermost = addresses.filter((address) => !addresses.some((other) => isInside(address, other)));
  const byTree = new Map<string, { root: Address; paths: NodePath[] }>();
  for (const address of outermost) {
    moduleAt(project, address);
    const { tree, path } = spotAt(address);
    const group = byTree.get(tree) ?? { root: rootOf(address), paths: [] };
    byTree.set(tree, { ...group, paths: [...group.paths, path] });
  }
  return [...byTree].map(([tree, { root, paths }]) => ({ tree, root, paths: distinct(paths) }));
}

/** Whether a module lies in the other, through Blocks too. */
export function isInside(address: Address, around: Address): boolean {
  return address.length > around.length && address.startsWith(around) && /[.[/]/.test(address.charAt(around.length));
}

/** Two instances of a Block may show the same module, and one within the other's selection. */
function distinct(paths: readonly NodePath[]): readonly NodePath[] {
  const sorted = paths.toSorted(comparePaths);
  return sorted.filter((path, index) => !sorted.slice(0, index).some((other) => isUnder(path, other)));
}

/** Modules that follow each other in one list, or one alone in its place. */
export interface Run {
  readonly first: NodePath;
  readonly count: number;
}

/** The selection as runs of neighbours, in the order of the tree. */
export function runsOf(paths: readonly NodePath[]): readonly Run[] {
  const runs: Run[] = [];
  for (const path of paths) {
    const run = runs.at(-1);
    if (run !== undefined && formatPath(pathInRun(run, run.count)) === formatPath(path)) {
      runs[runs.length - 1] = { ...run, count: run.count + 1 };
    } else {
      runs.push({ first: path, count: 1 });
    }
  }
  return runs;
}

/** Place of the module that is `index` after the first of the run; of one that stands alone only its own. */
export function pathInRun({ first }: Run, index: number): NodePath {
  const last = first.at(-1);
  return typeof last === 'number' ? first.with(-1, last + index) : first;
}

/** The selection as one run; `what` goes on the sentence that refuses another: "wrapped together". */
export function oneRun(
  project: Project,
  addresses: readonly Address[],
  what: string,
): Selected & { readonly run: Run } {
  const [selected, ...others] = selectedIn(project, addresses);
  if (selected === undefined) throw refusal('Select a module first.', undefined);
  const [run, ...more] = runsOf(selected.paths);
  if (others.length > 0 || more.length > 0) {
    throw refusal(`Only consecutive modules of one container can be ${what}.`, addresses[0]);
  }
  return { ...selected, run: run! };
}

/** Place of the list in which a module stands; undefined for one that stands alone. */
export function listAround(path: NodePath): string | undefined {
  if (path.length === 0) return undefined;
  const { parent, slot } = splitPath(path);
  return slot.index === undefined ? undefined : formatPath([...parent, slot.field]);
}

export function refusal(message: string, at: Address | undefined): FailureError {
  return new FailureError({ code: 'badNetwork', message, ...(at === undefined ? {} : { at }) });
}

import { addressAt, moduleAt, rootOf, spotAt, treeOf, withTree } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { listOf, removeNode, renameNode } from '../network/edit.ts';
import { nodeAt, splitPath } from '../network/node-path.ts';
import type { NodePath } from '../network/node-path.ts';
import type { NetworkNode } from '../network/tree.ts';
import { formatPath } from '../project/path.ts';
import type { Project } from '../project/project.ts';
import { checked } from './checked.ts';
import type { Edited } from './edited.ts';
import { definitionOf, fitExpressions, scopeAt } from './expressions.ts';
import { addressAfterInsertions, addressAfterRemoval, afterInsertion, afterRemoval } from './paths.ts';
import type { Insertion, RemovedByTree } from './paths.ts';
import { placeNodes } from './place-nodes.ts';
import { isInside, listAround, oneRun, pathInRun, refusal, runsOf, selectedIn } from './selected.ts';
import type { Run, Selected } from './selected.ts';
import { withShipped } from './shipped-blocks.ts';
import type { Target } from './target.ts';
import { blocksUsed } from './walk.ts';

/** Puts modules where `target` says; definitions of shipped Blocks come along. */
export function insertModules(project: Project, target: Target, nodes: readonly NetworkNode[]): Edited {
  return checked(project, place(withShipped(project, nodes), target, nodes));
}

/** `areBranches`: among the branches of a Fork each is one of its own. */
function place(project: Project, target: Target, nodes: readonly NetworkNode[], areBranches = false): Edited {
  const { tree, path } = spotAt(target.address);
  refuseIntoItself(project, tree, nodes);
  const placed = placeNodes(treeOf(project, tree), path, target.side, nodes, areBranches);
  const root = rootOf(target.address);
  return {
    project: withTree(project, tree, () => placed.root),
    selection: placed.paths.map((to) => addressAt(root, to)),
  };
}

function refuseIntoItself(project: Project, tree: string, nodes: readonly NetworkNode[]): void {
  if (definitionOf(project, tree) === undefined) return;
  const name = tree.slice('blocks.'.length, -'.body'.length);
  if (blocksUsed(nodes, project.blocks ?? {}).has(name)) {
    throw refusal(`The Block "${name}" cannot contain itself.`, tree);
  }
}

/** Takes modules out; the one that follows them is selected, or the one before, or the container. */
export function removeModules(project: Project, addresses: readonly Address[]): Edited {
  const groups = selectedIn(project, addresses);
  const rest = without(project, groups);
  return checked(project, {
    project: rest,
    selection: groups.slice(0, 1).map((group) => neighbour(rest, group, groups)),
  });
}

function without(project: Project, groups: readonly Selected[]): Project {
  return groups.reduce(
    (rest, { tree, paths }) => withTree(rest, tree, (root) => paths.reduceRight(removeNode, root)),
    project,
  );
}

function removedBy(groups: readonly Selected[]): RemovedByTree {
  return new Map(groups.map(({ tree, paths }) => [tree, paths]));
}

function neighbour(rest: Project, { tree, root, paths }: Selected, groups: readonly Selected[]): Address {
  const first = paths[0]!;
  const rootNow = addressAfterRemoval(root, removedBy(groups));
  if (first.length === 0) return rootNow;
  const path = afterRemoval(first, paths);
  const { parent, slot } = splitPath(path);
  const list = slot.index === undefined ? [] : listOf(nodeAt(treeOf(rest, tree), parent), slot, path);
  const index = Math.min(slot.index ?? 0, list.length - 1);
  return addressAt(rootNow, index < 0 ? parent : path.with(-1, index));
}

/** `target` is a place in the project before the move. */
export function moveModules(project: Project, addresses: readonly Address[], target: Target): Edited {
  const groups = selectedIn(project, addresses);
  const { tree, path } = spotAt(target.address);
  const held = groups.flatMap((group) => group.paths.map((from) => ({ ...group, from })));
  for (const { root, from } of held) refuseMoveIntoItself(project, addressAt(root, from), target);
  const isThere =
    target.side !== 'at' && held.some((one) => one.tree === tree && formatPath(one.from) === formatPath(path));
  if (isThere && listAround(path) === undefined) return { project, selection: [target.address] };

  const names = definitionOf(project, tree)?.parameters.map((parameter) => parameter.name) ?? [];
  const nodes = groups.flatMap((group) => {
    const taken = group.paths.map((from) => nodeAt(treeOf(project, group.tree), from));
    return group.tree === tree ? taken : fitExpressions(taken, scopeAt(project, group.root), names);
  });
  const list = listAround(path);
  const areBranches =
    list?.endsWith('branches') === true && held.every((one) => one.tree === tree && listAround(one.from) === list);
  const to = { ...target, address: addressAfterRemoval(target.address, removedBy(groups)) };
  return checked(project, place(without(project, groups), to, nodes, areBranches));
}

function refuseMoveIntoItself(project: Project, address: Address, target: Target): void {
  if (!isInside(target.address, address)) return;
  const { type } = moduleAt(project, address);
  throw refusal(`${type} at ${address} cannot be moved into itself.`, address);
}

/** A second one of each right after it; neighbours are repeated together. */
export function duplicateModules(project: Project, addresses: readonly Address[]): Edited {
  const groups = selectedIn(project, addresses).map((group) => ({ ...group, ...withCopies(project, group) }));
  const insertions = groups.flatMap((group) => group.insertions);
  const next = groups.reduce((rest, { tree, now }) => withTree(rest, tree, () => now), project);
  // A copy in one tree may move the instance through which another is seen.
  const selection = groups.flatMap(({ root, copies }) => {
    const rootNow = addressAfterInsertions(root, insertions);
    return copies.map((path) => addressAt(rootNow, path));
  });
  return checked(project, { project: next, selection });
}

interface Copies {
  readonly now: NetworkNode;
  readonly copies: readonly NodePath[];
  readonly insertions: readonly Insertion[];
}

function withCopies(project: Project, { tree, root, paths }: Selected): Copies {
  let now = treeOf(project, tree);
  let copies: readonly NodePath[] = [];
  const insertions: Insertion[] = [];
  // From the last on: what stands before a copy keeps its place.
  for (const run of runsOf(paths).toReversed()) {
    if (run.first.length === 0) {
      throw refusal('The whole network cannot be duplicated. Select a part of it.', root);
    }
    const isListed = listAround(run.first) !== undefined;
    const at = isListed ? pathInRun(run, run.count) : run.first;
    const placed = placeNodes(now, at, isListed ? 'at' : 'after', nodesOf(now, run), true);
    if (isListed) {
      insertions.push({ tree, at, count: run.count });
      copies = copies.map((path) => afterInsertion(path, at, run.count));
    }
    copies = [...placed.paths, ...copies];
    now = placed.root;
  }
  return { now, copies, insertions };
}

function nodesOf(root: NetworkNode, run: Run): readonly NetworkNode[] {
  return Array.from({ length: run.count }, (_, index) => nodeAt(root, pathInRun(run, index)));
}

/** One place up (-1) or down (1) among its neighbours; at the border of a container out of it, into the sequence around. */
export function shiftModules(project: Project, addresses: readonly Address[], by: -1 | 1): Edited {
  const { tree, root, run, paths } = oneRun(project, addresses, 'moved up or down together');
  const first = run.first.at(-1);
  if (typeof first === 'number') {
    const { parent, slot } = splitPath(run.first);
    const length = listOf(nodeAt(treeOf(project, tree), parent), slot, run.first).length;
    const index = by < 0 ? first - 1 : first + run.count + 1;
    if (index >= 0 && index <= length) {
      const to = addressAt(root, run.first.with(-1, index));
      return moveModules(
        project,
        paths.map((path) => addressAt(root, path)),
        { address: to, side: 'at' },
      );
    }
  }
  const out = sequenceAround(run.first);
  if (out === undefined) {
    throw refusal(`There is nothing ${by < 0 ? 'above' : 'below'} to move past.`, addressAt(root, run.first));
  }
  const to = by < 0 ? out : out.with(-1, Number(out.at(-1)) + 1);
  return moveModules(
    project,
    paths.map((path) => addressAt(root, path)),
    { address: addressAt(root, to), side: 'at' },
  );
}

/** Of the containers around, nearest first, the place of the first that stands in a sequence. Branches are not left for being branches. */
function sequenceAround(path: NodePath): NodePath | undefined {
  if (path.at(-2) === 'branches') return undefined;
  let around = path.slice(0, typeof path.at(-1) === 'number' ? -2 : -1);
  while (around.length > 0 && around.at(-2) !== 'children')
    around = around.slice(0, typeof around.at(-1) === 'number' ? -2 : -1);
  return around.length === 0 ? undefined : around;
}

/** Without a name the position stands in parameter names. */
export function renameModule(project: Project, address: Address, name: string | undefined): Edited {
  const { tree, path } = spotAt(address);
  return { project: withTree(project, tree, (root) => renameNode(root, path, name)), selection: [address] };
}

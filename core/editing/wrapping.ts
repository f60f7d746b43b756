import { addressAt, rootOf, spotAt, treeOf, withTree } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { listOf } from '../network/edit.ts';
import { nodeAt, splitPath } from '../network/node-path.ts';
import type { NodePath } from '../network/node-path.ts';
import type { NetworkNode } from '../network/tree.ts';
import { unwrapNode, wrapNodes } from '../network/wrap.ts';
import type { WrapperType } from '../network/wrap.ts';
import type { Project } from '../project/project.ts';
import { inlineBlock } from './inline-block.ts';
import { checked } from './checked.ts';
import type { Edited } from './edited.ts';
import { oneRun } from './selected.ts';

/** Puts modules that follow each other into a container that takes their place; a Fork gets a second, empty branch. */
export function wrapModules(project: Project, addresses: readonly Address[], type: WrapperType): Edited {
  const { tree, root, run } = oneRun(project, addresses, 'wrapped together');
  const next = withTree(project, tree, (whole) => wrapNodes(whole, run.first, type, run.count));
  return checked(project, { project: next, selection: [addressAt(root, run.first)] });
}

/** Puts the content of a container in its place; of a Block's instance what the definition says. */
export function unwrapModule(project: Project, address: Address): Edited {
  const { tree, path } = spotAt(address);
  const before = treeOf(project, tree);
  if (nodeAt(before, path).type === 'Block') return inlineBlock(project, address);
  const next = unwrapNode(before, path);
  const root = rootOf(address);
  return checked(project, {
    project: withTree(project, tree, () => next),
    selection: placedAt(before, next, path).map((placed) => addressAt(root, placed)),
  });
}

/** What stands where the container at `path` was: in a list as many as the list has grown, and one more. */
function placedAt(before: NetworkNode, after: NetworkNode, path: NodePath): readonly NodePath[] {
  const index = path.at(-1);
  if (typeof index !== 'number') return [path];
  const { parent, slot } = splitPath(path);
  const length = (root: NetworkNode) => listOf(nodeAt(root, parent), slot, path).length;
  const count = length(after) - length(before) + 1;
  return Array.from({ length: count }, (_, position) => path.with(-1, index + position));
}

import { insertNode, isNothing, listOf, replaceNode, withList } from '../network/edit.ts';
import { changeAt, nodeAt, refusePath, splitPath } from '../network/node-path.ts';
import type { NodePath } from '../network/node-path.ts';
import type { NetworkNode, SequentialNode } from '../network/tree.ts';
import { asOne } from '../network/wrap.ts';
import type { Target } from './target.ts';

export interface Placed {
  readonly root: NetworkNode;
  /** Where the nodes are now. */
  readonly paths: readonly NodePath[];
}

/**
 * Puts nodes into a tree, see Target. Where one alone can stand several become a Sequential; among the branches of a
 * Fork too, unless they are to be branches of their own.
 */
export function placeNodes(
  root: NetworkNode,
  path: NodePath,
  side: Target['side'],
  nodes: readonly NetworkNode[],
  areBranches = false,
): Placed {
  if (nodes.length === 0) return { root, paths: [] };
  const field = typeof path.at(-1) === 'number' ? path.at(-2) : undefined;
  if (field === 'children') {
    return intoList(root, side === 'after' ? path.with(-1, Number(path.at(-1)) + 1) : path, nodes);
  }
  if (side !== 'at') return beside(root, path, side, nodes);
  if (field === 'branches') return intoBranches(root, path, nodes, areBranches);
  if (path.length === 0 && isEmpty(root)) return intoList(root, ['children', 0], nodes);
  return { root: insertNode(root, path, asOne(nodes)), paths: pathsOfOne(path, nodes.length) };
}

function intoList(root: NetworkNode, path: NodePath, nodes: readonly NetworkNode[]): Placed {
  const { parent, slot } = splitPath(path);
  const index = slot.index!;
  const next = changeAt(root, parent, (container) => {
    const list = listOf(container, slot, path);
    if (index < 0 || index > list.length) return refusePath(path);
    return withList(container, list.toSpliced(index, 0, ...nodes), index, nodes.length);
  });
  return { root: next, paths: nodes.map((_, position) => path.with(-1, index + position)) };
}

function intoBranches(root: NetworkNode, path: NodePath, nodes: readonly NetworkNode[], areBranches: boolean): Placed {
  const { parent, slot } = splitPath(path);
  const list = listOf(nodeAt(root, parent), slot, path);
  const there = list[slot.index!];
  const isFree = there !== undefined && isNothing(there);
  if (!areBranches) {
    const branch = asOne(nodes);
    const next = isFree ? replaceNode(root, path, branch) : insertNode(root, path, branch);
    return { root: next, paths: pathsOfOne(path, nodes.length) };
  }
  // A Fork keeps an empty branch when its last one is taken away.
  if (isFree && list.length === 1) {
    const next = changeAt(root, parent, (fork) => withList(fork, nodes, 0, nodes.length));
    return { root: next, paths: nodes.map((_, position) => path.with(-1, position)) };
  }
  return intoList(root, path, nodes);
}

function beside(root: NetworkNode, path: NodePath, side: 'before' | 'after', nodes: readonly NetworkNode[]): Placed {
  const there = nodeAt(root, path);
  const isJoined = there.type === 'Sequential' && 'children' in there && (path.length === 0 || isBare(there));
  const sequence = isJoined ? there : ({ type: 'Sequential', children: [there] } satisfies SequentialNode);
  const index = side === 'before' ? 0 : sequence.children.length;
  const children = sequence.children.toSpliced(index, 0, ...nodes);
  return {
    root: changeAt(root, path, () => withList(sequence, children, index, nodes.length)),
    paths: nodes.map((_, position) => [...path, 'children', index + position]),
  };
}

function pathsOfOne(path: NodePath, count: number): readonly NodePath[] {
  return count === 1 ? [path] : Array.from({ length: count }, (_, index) => [...path, 'children', index]);
}

function isEmpty(node: NetworkNode): boolean {
  return 'children' in node && node.children.length === 0;
}

/** Carries nothing that would be lost or spread if others joined it. */
function isBare(node: SequentialNode): boolean {
  return Object.keys(node).length === 2;
}

import { FailureError } from '../failure.ts';
import { findLayerType } from '../catalogue/catalogue.ts';
import { refuseUnknownOptions } from '../catalogue/read-options.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { formatPath } from '../project/path.ts';
import { hasBranches, hasChildren, isContainer } from './containers.ts';
import { changeAt, hasField, nodeAt, partIn, refusePath, splitPath } from './node-path.ts';
import type { NodePath, SingleField, Slot } from './node-path.ts';
import { withoutTwins } from './sibling-names.ts';
import type { ForkNode, JoinNode, NetworkNode, OptionValue, Options, SequentialNode } from './tree.ts';

/*
 * Every edit is a pure function from a tree to a tree, and every edit of a valid tree is a valid tree: what a
 * container must have is never missing, names stay unique among siblings. What cannot be done throws a
 * FailureError. Shapes are not looked at: a network that does not fit yet must be editable.
 */

/** Stands where there must be a module and none is yet: it passes its input on. */
export const nothing: SequentialNode = { type: 'Sequential', children: [] };

/** Puts a node where `path` will be its address: between others of a list, or into an empty slot. */
export function insertNode(root: NetworkNode, path: NodePath, node: NetworkNode): NetworkNode {
  if (path.length === 0) return isNothing(root) ? node : refuseOccupied(path);
  const { parent, slot } = splitPath(path);
  return changeAt(root, parent, (container) => {
    if (slot.index !== undefined) {
      const list = listOf(container, slot, path);
      if (slot.index < 0 || slot.index > list.length) return refusePath(path);
      return withList(container, list.toSpliced(slot.index, 0, node), slot.index);
    }
    return intoSlot(container, slot.field, node, path);
  });
}

function intoSlot(container: NetworkNode, field: SingleField, node: NetworkNode, path: NodePath): NetworkNode {
  if (!hasField(container, field)) return refusePath(path);
  const there = partIn(container, field);
  const isFree = there === undefined || (isRequired(field) && isNothing(there));
  return isFree ? { ...container, [field]: node } : refuseOccupied(path);
}

/** Where there must be a module, be it an empty Sequential. */
function isRequired(field: SingleField): boolean {
  return field === 'body' || field === 'training' || field === 'evaluation';
}

/** Takes a node out. Where there must be one, an empty Sequential stays. */
export function removeNode(root: NetworkNode, path: NodePath): NetworkNode {
  nodeAt(root, path);
  if (path.length === 0) return nothing;
  const { parent, slot } = splitPath(path);
  return changeAt(root, parent, (container) => {
    if (slot.index !== undefined) {
      const rest = listOf(container, slot, path).toSpliced(slot.index, 1);
      return withList(container, rest.length === 0 && slot.field === 'branches' ? [nothing] : rest, 0);
    }
    return isRequired(slot.field) ? { ...container, [slot.field]: nothing } : without(container, slot.field);
  });
}

/** `to` is an address in the tree from which the node has been taken, so that moving back undoes it. */
export function moveNode(root: NetworkNode, from: NodePath, to: NodePath): NetworkNode {
  return insertNode(removeNode(root, from), to, nodeAt(root, from));
}

export function replaceNode(root: NetworkNode, path: NodePath, node: NetworkNode): NetworkNode {
  return changeAmongSiblings(root, path, () => node);
}

/** A second one right after the first, in the same list. */
export function duplicateNode(root: NetworkNode, path: NodePath): NetworkNode {
  const last = path.at(-1);
  if (typeof last !== 'number') {
    throw new FailureError({
      code: 'badNetwork',
      message: `${formatPath(path) || 'The whole network'} is the only module its slot can hold, so it cannot be duplicated.`,
      at: formatPath(path),
    });
  }
  return insertNode(root, [...path.slice(0, -1), last + 1], nodeAt(root, path));
}

/** Without a name the position stands in parameter names. */
export function renameNode(root: NetworkNode, path: NodePath, name: string | undefined): NetworkNode {
  if (name !== undefined && !/^[A-Za-z_]\w*$/.test(name)) {
    throw new FailureError({
      code: 'badNetwork',
      message: `"${name}" is not a valid name for a module. Use letters, digits and underscores, and do not begin with a digit.`,
      at: formatPath([...path, 'name']),
    });
  }
  return changeAmongSiblings(root, path, (node) => (name === undefined ? without(node, 'name') : { ...node, name }));
}

/** Changes a layer's options; undefined takes one back to its default. */
export function setOptions(
  root: NetworkNode,
  path: NodePath,
  changes: Readonly<Record<string, OptionValue | undefined>>,
): NetworkNode {
  return changeAt(root, path, (node) => {
    if (isContainer(node)) return refuseOptions(path, `${node.type} has no options`);
    const merged = { ...node.options, ...changes };
    const written = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as Options;
    const type = findLayerType(node.type);
    try {
      if (type !== undefined) refuseUnknownOptions(type, written);
    } catch (error) {
      if (error instanceof Refusal) return refuseOptions(path, `${node.type} ${error.message}`);
      throw error;
    }
    return Object.keys(written).length === 0 ? without(node, 'options') : { ...node, options: written };
  });
}

function changeAmongSiblings(
  root: NetworkNode,
  path: NodePath,
  change: (node: NetworkNode) => NetworkNode,
): NetworkNode {
  if (path.length === 0) return change(root);
  const { parent, slot } = splitPath(path);
  if (slot.index === undefined) return changeAt(root, path, change);
  const { index } = slot;
  return changeAt(root, parent, (container) => {
    const list = listOf(container, slot, path);
    const node = list[index] ?? refusePath(path);
    return withList(container, list.with(index, change(node)), index);
  });
}

export function listOf(container: NetworkNode, slot: Slot, path: NodePath): readonly NetworkNode[] {
  if (slot.field === 'children' && hasChildren(container)) return container.children;
  if (slot.field === 'branches' && hasBranches(container)) return container.branches;
  return refusePath(path);
}

/** `at` is where the newcomer stands, who yields if names meet. */
export function withList(container: NetworkNode, list: readonly NetworkNode[], at: number, count = 1): NetworkNode {
  const named = withoutTwins(list, at, count);
  return hasChildren(container)
    ? { ...container, children: named }
    : ({ ...(container as ForkNode | JoinNode), branches: named } satisfies ForkNode | JoinNode);
}

export function isNothing(node: NetworkNode): boolean {
  return (
    hasChildren(node) && node.type === 'Sequential' && node.children.length === 0 && Object.keys(node).length === 2
  );
}

/** The node without an optional field. */
function without<Node extends NetworkNode>(node: Node, field: string): Node {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== field)) as Node;
}

function refuseOccupied(path: NodePath): never {
  const at = formatPath(path);
  throw new FailureError({ code: 'badNetwork', message: `There is a module at ${at} already.`, at });
}

function refuseOptions(path: NodePath, sentence: string): never {
  throw new FailureError({ code: 'badNetwork', message: `${sentence}.`, at: formatPath(path) });
}

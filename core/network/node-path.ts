import { FailureError } from '../failure.ts';
import { formatPath } from '../project/path.ts';
import { isContainer } from './containers.ts';
import type { ContainerType } from './containers.ts';
import type { ContainerNode, NetworkNode } from './tree.ts';

/** From a root to one of the nodes under it: `['children', 3, 'body']`; empty for the root itself. */
export type NodePath = readonly (string | number)[];

/** Node at `path`; throws a FailureError where there is none. */
export function nodeAt(root: NetworkNode, path: NodePath): NetworkNode {
  let node = root;
  for (let done = 0; done < path.length;) {
    const slot = slotOf(path.slice(done));
    node = (slot && inSlot(node, slot)) ?? refusePath(path);
    done += slot!.index === undefined ? 1 : 2;
  }
  return node;
}

/** The tree with the node at `path` replaced by what `change` makes of it; everything beside the path stays the same object. */
export function changeAt(root: NetworkNode, path: NodePath, change: (node: NetworkNode) => NetworkNode): NetworkNode {
  if (path.length === 0) return change(root);
  const slot = slotOf(path) ?? refusePath(path);
  const inner = inSlot(root, slot) ?? refusePath(path);
  return withSlot(root, slot, changeAt(inner, path.slice(slot.index === undefined ? 1 : 2), change));
}

/** Path of the container around, and the place in it. */
export function splitPath(path: NodePath): { readonly parent: NodePath; readonly slot: Slot } {
  const isEntry = typeof path.at(-1) === 'number';
  const parent = path.slice(0, isEntry ? -2 : -1);
  const slot = slotOf(path.slice(parent.length));
  return slot === undefined ? refusePath(path) : { parent, slot };
}

/** Where a container holds a node: one of a list, or the only one of its field. */
export type Slot =
  | { readonly field: 'children' | 'branches'; readonly index: number }
  | { readonly field: SingleField; readonly index?: undefined };

const singleFields = ['before', 'body', 'shortcut', 'after', 'training', 'evaluation'] as const;

export type SingleField = (typeof singleFields)[number];

const noFields: readonly SingleField[] = [];

/** What containers hold outside of lists, in the order of the tree. */
const fieldsOf: Readonly<Record<ContainerType, readonly SingleField[]>> = {
  Sequential: noFields,
  Residual: ['body', 'shortcut', 'after'],
  Fork: noFields,
  Join: noFields,
  Repeat: ['body'],
  Recurrent: ['before', 'body', 'after'],
  Transform: ['training', 'evaluation'],
  NBeats: noFields,
  Block: noFields,
};

/** Whether a container of its kind may hold a module there. */
export function hasField(node: NetworkNode, field: SingleField): boolean {
  return isContainer(node) && fieldsOf[node.type].includes(field);
}

/** Undefined where the field is empty, or where the node has no such field. */
export function partIn(node: NetworkNode, field: SingleField): NetworkNode | undefined {
  return hasField(node, field) ? (node as Partial<Record<SingleField, NetworkNode>>)[field] : undefined;
}

/** What a container holds outside of lists. */
export function singleParts(node: ContainerNode): readonly (readonly [field: SingleField, part: NetworkNode])[] {
  return fieldsOf[node.type].flatMap((field) => {
    const part = partIn(node, field);
    return part === undefined ? [] : [[field, part] as const];
  });
}

export function refusePath(path: NodePath): never {
  const at = formatPath(path);
  throw new FailureError({ code: 'badNetwork', message: `There is no module at ${at} of this network.`, at });
}

function slotOf(path: NodePath): Slot | undefined {
  const [field, index] = path;
  const single = singleFields.find((known) => known === field);
  if (single !== undefined) return { field: single };
  if ((field === 'children' || field === 'branches') && typeof index === 'number') return { field, index };
  return undefined;
}

function inSlot(node: NetworkNode, slot: Slot): NetworkNode | undefined {
  if (!isContainer(node)) return undefined;
  switch (node.type) {
    case 'Sequential':
    case 'NBeats':
      return slot.field === 'children' ? node.children[slot.index] : undefined;
    case 'Fork':
    case 'Join':
      return slot.field === 'branches' ? node.branches[slot.index] : undefined;
    case 'Residual':
    case 'Repeat':
    case 'Recurrent':
    case 'Transform':
      return slot.index === undefined ? partIn(node, slot.field) : undefined;
    case 'Block':
      return undefined;
  }
}

/** `inSlot` found a node there before. */
function withSlot(node: NetworkNode, slot: Slot, inner: NetworkNode): NetworkNode {
  if (slot.index === undefined) return { ...node, [slot.field]: inner };
  const list = (node as unknown as Readonly<Record<string, readonly NetworkNode[]>>)[slot.field]!;
  return { ...node, [slot.field]: list.with(slot.index, inner) };
}

import { addressAt, spotAt } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import type { NodePath } from '../network/node-path.ts';

const fieldOrder = ['before', 'body', 'shortcut', 'after', 'training', 'evaluation'];

/** In the order of the tree: a container before its parts, a body before the shortcut. */
export function comparePaths(a: NodePath, b: NodePath): number {
  for (const [depth, step] of a.entries()) {
    const other = b[depth];
    if (other === undefined) return 1;
    if (step === other) continue;
    if (typeof step === 'number' && typeof other === 'number') return step - other;
    return fieldOrder.indexOf(String(step)) - fieldOrder.indexOf(String(other));
  }
  return a.length - b.length;
}

/** Whether the way down to `path` passes `around`, or ends there. */
export function isUnder(path: NodePath, around: NodePath): boolean {
  return around.length <= path.length && around.every((step, depth) => step === path[depth]);
}

/** Where what stands at `path` is once the `removed` ones beside it and beside its containers are gone. */
export function afterRemoval(path: NodePath, removed: readonly NodePath[]): NodePath {
  return path.map((step, depth) => {
    if (typeof step !== 'number') return step;
    const before = removed.filter(
      (other) =>
        other.length === depth + 1 &&
        isUnder(path, other.slice(0, -1)) &&
        typeof other[depth] === 'number' &&
        other[depth] < step,
    );
    return step - before.length;
  });
}

/** Where what stands at `path` is once `count` modules were put into a list, the first at `at`. */
export function afterInsertion(path: NodePath, at: NodePath, count: number): NodePath {
  const last = at.length - 1;
  const index = at[last];
  const step = path[last];
  if (typeof index !== 'number' || typeof step !== 'number' || step < index) return path;
  return isUnder(path, at.slice(0, -1)) ? path.with(last, step + count) : path;
}

/** Removed modules by the tree in which they were written: `networks.main`, `blocks.Basic.body`. */
export type RemovedByTree = ReadonlyMap<string, readonly NodePath[]>;

/** An address after a removal, the instances on its way included. */
export function addressAfterRemoval(address: Address, removed: RemovedByTree): Address {
  const parts = address.split('/').map((part) => {
    const { tree, path } = spotAt(part);
    return addressAt(tree, afterRemoval(path, removed.get(tree) ?? []));
  });
  return parts.join('/');
}

export interface Insertion {
  readonly tree: string;
  /** Where the first of them stands, in a list. */
  readonly at: NodePath;
  readonly count: number;
}

/** An address after insertions, one after another, the instances on its way included. */
export function addressAfterInsertions(address: Address, insertions: readonly Insertion[]): Address {
  const parts = address.split('/').map((part) => {
    const { tree, path } = spotAt(part);
    const here = insertions.filter((insertion) => insertion.tree === tree);
    return addressAt(
      tree,
      here.reduce<NodePath>((moved, { at, count }) => afterInsertion(moved, at, count), path),
    );
  });
  return parts.join('/');
}

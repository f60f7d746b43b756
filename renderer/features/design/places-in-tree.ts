import type { Target } from '../../../core/editing/target.ts';
import { FailureError } from '../../../core/failure.ts';
import { addressAround, addressAt, moduleAt, rootOf, spotAt } from '../../../core/network/address.ts';
import type { Address } from '../../../core/network/address.ts';
import { hasBranches, hasChildren, isContainer } from '../../../core/network/containers.ts';
import type { Project } from '../../../core/project/project.ts';

export function exists(project: Project | null, address: Address): boolean {
  if (project === null) return false;
  try {
    moduleAt(project, address);
    return true;
  } catch (error) {
    if (error instanceof FailureError) return false;
    throw error;
  }
}

/** Containers around a module, the nearest first. */
export function around(address: Address): readonly Address[] {
  const outer = addressAround(address);
  return outer === undefined ? [] : [outer, ...around(outer)];
}

/** All that stand in a list with the module; without one, all that lie directly in `root`. */
export function siblingsOf(project: Project, address: Address | undefined, root: Address): readonly Address[] {
  const container = address === undefined ? root : (addressAround(address) ?? address);
  const node = moduleAt(project, container);
  if (!isContainer(node)) return [container];
  if (hasChildren(node)) return node.children.map((_, index) => `${container}.children[${index}]`);
  if (hasBranches(node)) return node.branches.map((_, index) => `${container}.branches[${index}]`);
  return address === undefined ? [container] : [address];
}

/** Right after a module; without one, at the end of `root`. */
export function insertionTargetOf(project: Project, address: Address | undefined, root: Address): Target {
  const beside = address ?? root;
  const { path } = spotAt(beside);
  const last = path.at(-1);
  if (address !== undefined && typeof last === 'number') {
    return { address: addressAt(rootOf(beside), [...path.slice(0, -1), last + 1]), side: 'at' };
  }
  const node = moduleAt(project, beside);
  if (isContainer(node) && node.type === 'Sequential') {
    return { address: `${beside}.children[${node.children.length}]`, side: 'at' };
  }
  return { address: beside, side: 'after' };
}

import { FailureError } from '../failure.ts';
import { addressAt, spotAt, treeOf } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import type { NodePath } from '../network/node-path.ts';
import type { NetworkNode } from '../network/tree.ts';
import type { Project } from '../project/project.ts';

type Trees = Pick<Project, 'networks' | 'blocks'>;

/**
 * Where a module is after a change, whichever edit it was and also after an undo: an untouched module is the same
 * object. Undefined: it is gone.
 */
export function followed(before: Trees, after: Trees, address: Address): Address | undefined {
  const parts: string[] = [];
  for (const part of address.split('/')) {
    const { tree, path } = spotAt(part);
    const [from, to] = [rootOf(before, tree), rootOf(after, tree)];
    const way = from === undefined || to === undefined ? undefined : followedPath(from, to, path);
    if (way === undefined) return undefined;
    parts.push(addressAt(tree, way));
  }
  return parts.join('/');
}

function rootOf(project: Trees, tree: string): NetworkNode | undefined {
  try {
    return treeOf(project, tree);
  } catch (error) {
    if (error instanceof FailureError) return undefined;
    throw error;
  }
}

function followedPath(from: NetworkNode, to: NetworkNode, path: NodePath): NodePath | undefined {
  if (path.length === 0 || from === to) return path;
  if (from.type !== to.type || !isContainer(from)) return undefined;
  const [field, index] = path;
  if (typeof index === 'number') {
    const [before, after] = [listOf(from, field), listOf(to, field)];
    const place = before === undefined || after === undefined ? undefined : followedIndex(before, after, index);
    if (place === undefined) return undefined;
    const rest = followedPath(before![index]!, after![place]!, path.slice(2));
    return rest && [field!, place, ...rest];
  }
  const [before, after] = [partOf(from, field), partOf(to, field)];
  const rest = before === undefined || after === undefined ? undefined : followedPath(before, after, path.slice(1));
  return rest && [field!, ...rest];
}

/** In the list after the change. What was changed itself stands between what was not. */
function followedIndex(
  before: readonly NetworkNode[],
  after: readonly NetworkNode[],
  index: number,
): number | undefined {
  if (index >= before.length) return undefined;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  if (index < head) return index;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  if (index >= before.length - tail) return index + after.length - before.length;
  const same = after.indexOf(before[index]!, head);
  if (same >= 0 && same < after.length - tail) return same;
  return before.length === after.length ? index : undefined;
}

function listOf(node: NetworkNode, field: string | number | undefined): readonly NetworkNode[] | undefined {
  return fieldOf(node, field, ['children', 'branches']) as readonly NetworkNode[] | undefined;
}

function partOf(node: NetworkNode, field: string | number | undefined): NetworkNode | undefined {
  return fieldOf(node, field, ['before', 'body', 'shortcut', 'after', 'training', 'evaluation']) as
    NetworkNode | undefined;
}

function fieldOf(node: NetworkNode, field: string | number | undefined, known: readonly string[]): unknown {
  return known.includes(String(field))
    ? (node as unknown as Readonly<Record<string, unknown>>)[String(field)]
    : undefined;
}

import { findLayerType } from '../catalogue/catalogue.ts';
import { FailureError } from '../failure.ts';
import { formatPath } from '../project/path.ts';
import { isContainer } from './containers.ts';
import { isNothing, listOf, nothing, withList } from './edit.ts';
import { changeAt, refusePath, splitPath } from './node-path.ts';
import type { NodePath } from './node-path.ts';
import { withoutTwins } from './sibling-names.ts';
import type { NetworkNode, RecurrentNode } from './tree.ts';

export const wrapperTypes = ['Sequential', 'Residual', 'Fork', 'Repeat', 'Recurrent', 'Transform', 'NBeats'] as const;

export type WrapperType = (typeof wrapperTypes)[number];

/** Puts the node at `path`, and `count` - 1 of its siblings after it, into a container that takes their place. */
export function wrapNodes(root: NetworkNode, path: NodePath, wrapper: WrapperType, count = 1): NetworkNode {
  if (count === 1) return changeAt(root, path, (node) => wrapped(wrapper, [node]));
  const { parent, slot } = splitPath(path);
  if (slot.index === undefined || count < 1) return refusePath(path);
  const { index } = slot;
  return changeAt(root, parent, (container) => {
    const list = listOf(container, slot, path);
    if (index + count > list.length) return refusePath(path);
    const inner = wrapped(wrapper, list.slice(index, index + count));
    return withList(container, list.toSpliced(index, count, inner), index);
  });
}

function wrapped(wrapper: WrapperType, nodes: readonly NetworkNode[]): NetworkNode {
  const [first] = nodes;
  const body: NetworkNode = nodes.length === 1 ? first! : { type: 'Sequential', children: nodes };
  switch (wrapper) {
    case 'Sequential':
      return { type: 'Sequential', children: nodes };
    case 'Residual':
      return { type: 'Residual', body };
    case 'Fork':
      return { type: 'Fork', join: { kind: 'cat' }, branches: [body, nothing] };
    case 'Repeat':
      return { type: 'Repeat', count: 1, body };
    case 'Recurrent':
      return asRecurrent(nodes);
    case 'Transform':
      return { type: 'Transform', training: body, evaluation: nothing };
    case 'NBeats':
      return { type: 'NBeats', children: [body] };
  }
}

/** The first recurrent layer as body, between what stands before and after it. */
export function asRecurrent(nodes: readonly NetworkNode[]): RecurrentNode {
  const at = nodes.findIndex((node) => findLayerType(node.type)?.family === 'recurrent');
  if (at < 0) return { type: 'Recurrent', body: asOne(nodes) };
  const [before, after] = [nodes.slice(0, at), nodes.slice(at + 1)];
  return {
    type: 'Recurrent',
    ...(before.length > 0 && { before: asOne(before) }),
    body: nodes[at]!,
    ...(after.length > 0 && { after: asOne(after) }),
  };
}

/** Puts a container's content in its place, one after another: children, branches, or the body and what comes after it. */
export function unwrapNode(root: NetworkNode, path: NodePath): NetworkNode {
  const last = path.at(-1);
  if (typeof last !== 'number') return changeAt(root, path, (node) => asOne(contentOf(node, path)));
  const { parent, slot } = splitPath(path);
  return changeAt(root, parent, (container) => {
    const list = listOf(container, slot, path);
    const content = contentOf(list[last] ?? refusePath(path), path);
    // Branches of a Fork run beside each other: what was a sequence stays one.
    const placed = slot.field === 'branches' ? [asOne(content)] : content;
    return withList(container, list.toSpliced(last, 1, ...placed), last, placed.length);
  });
}

function contentOf(node: NetworkNode, path: NodePath): readonly NetworkNode[] {
  if (isContainer(node)) {
    switch (node.type) {
      case 'Sequential':
      case 'NBeats':
        return node.children;
      case 'Fork':
      case 'Join':
        return node.branches.filter((branch, index) => index === 0 || !isNothing(branch));
      case 'Repeat':
        return [node.body];
      case 'Residual':
        return node.after === undefined ? [node.body] : [node.body, node.after];
      case 'Recurrent':
        return [node.before, node.body, node.after].filter((part) => part !== undefined);
      case 'Transform':
        return isNothing(node.evaluation) ? [node.training] : [node.training, node.evaluation];
      case 'Block':
        break;
    }
  }
  const at = formatPath(path);
  throw new FailureError({ code: 'badNetwork', message: `${node.type} at ${at} contains nothing of its own.`, at });
}

/** One node that computes them one after another. */
export function asOne(nodes: readonly NetworkNode[]): NetworkNode {
  const [first] = nodes;
  return nodes.length === 1 ? first! : { type: 'Sequential', children: withoutTwins(nodes, 0, nodes.length) };
}

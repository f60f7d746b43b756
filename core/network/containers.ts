import type { ContainerNode, ForkNode, JoinNode, LayerNode, NBeatsNode, NetworkNode, SequentialNode } from './tree.ts';

export const containerTypes = [
  'Sequential',
  'Residual',
  'Fork',
  'Join',
  'Repeat',
  'Recurrent',
  'Transform',
  'NBeats',
  'Block',
] as const;

export type ContainerType = (typeof containerTypes)[number];

export function isContainer(node: NetworkNode): node is ContainerNode {
  return (containerTypes as readonly string[]).includes(node.type);
}

export function isLayer(node: NetworkNode): node is LayerNode {
  return !isContainer(node);
}

export function hasBranches(node: NetworkNode): node is ForkNode | JoinNode {
  return isContainer(node) && (node.type === 'Fork' || node.type === 'Join');
}

/** Modules one after another, in a list. */
export function hasChildren(node: NetworkNode): node is SequentialNode | NBeatsNode {
  return isContainer(node) && (node.type === 'Sequential' || node.type === 'NBeats');
}

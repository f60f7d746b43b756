import type { ContainerNode, ForkNode, JoinNode, LayerNode, NetworkNode } from './tree.ts';

export const containerTypes = ['Sequential', 'Residual', 'Fork', 'Join', 'Repeat', 'Recurrent', 'Block'] as const;

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

import type { NetworkNode } from '../network/tree.ts';

/** The node without an optional field. */
export function withoutField<Node extends NetworkNode>(node: Node, field: string): Node {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== field)) as Node;
}

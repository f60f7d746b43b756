import type { PlanNode } from '../training/plan.ts';

/** The network up to what its last Linear takes: the last hidden layer. Null where it does not end in layers after one. */
export function beforeLastLinear(node: PlanNode): PlanNode | null {
  if (node.type !== 'Sequential') return null;
  const { children } = node;
  for (const [at, child] of [...children.entries()].reverse()) {
    const before = children.slice(0, at);
    if (child.type === 'Layer') {
      if (child.layer === 'Linear') return { ...node, children: before };
    } else {
      const inner = beforeLastLinear(child);
      return inner && { ...node, children: [...before, inner] };
    }
  }
  return null;
}

import type { PlanLayer, PlanNode } from './plan.ts';

/** All layers, in the order in which they compute; the body of a shared Repeat once. */
export function* layersOfPlan(node: PlanNode): Generator<PlanLayer> {
  if (node.type === 'Layer') yield node;
  for (const part of partsOf(node)) if (part !== null) yield* layersOfPlan(part);
}

function partsOf(node: PlanNode): readonly (PlanNode | null)[] {
  switch (node.type) {
    case 'Layer':
      return [];
    case 'Sequential':
    case 'NBeats':
      return node.children;
    case 'Residual':
      return [node.body, node.shortcut, node.after];
    case 'Fork':
    case 'Join':
      return node.branches;
    case 'Repeat':
      return [node.body];
    case 'Recurrent':
      return [node.before, node.body, node.after];
    case 'Transform':
      return [node.training, node.evaluation];
  }
}

/** The layer that a tensor of the state dict belongs to: the one whose key begins its name. */
export function layerOfTensor(node: PlanNode, name: string): PlanLayer | null {
  for (const layer of layersOfPlan(node)) if (layer.key === '' || name.startsWith(`${layer.key}.`)) return layer;
  return null;
}

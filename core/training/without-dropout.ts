import { findLayerType } from '../catalogue/catalogue.ts';
import type { PlanNode } from './plan.ts';

/** The same network with every dropout's probability 0: then two frameworks can be held against each other. */
export function withoutDropout(node: PlanNode): PlanNode {
  switch (node.type) {
    case 'Layer':
      return findLayerType(node.layer)?.family === 'dropout' ? { ...node, options: { ...node.options, p: 0 } } : node;
    case 'Sequential':
    case 'NBeats':
      return { ...node, children: node.children.map(withoutDropout) };
    case 'Residual':
      return {
        ...node,
        body: withoutDropout(node.body),
        shortcut: node.shortcut && withoutDropout(node.shortcut),
        after: node.after && withoutDropout(node.after),
      };
    case 'Fork':
    case 'Join':
      return { ...node, branches: node.branches.map(withoutDropout) };
    case 'Repeat':
      return { ...node, body: withoutDropout(node.body) };
    case 'Recurrent':
      return {
        ...node,
        before: node.before && withoutDropout(node.before),
        body: withoutDropout(node.body),
        after: node.after && withoutDropout(node.after),
      };
    case 'Transform':
      return { ...node, training: withoutDropout(node.training), evaluation: withoutDropout(node.evaluation) };
  }
}

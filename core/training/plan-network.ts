import { decide } from '../catalogue/derive/decide.ts';
import { initialiserType } from '../catalogue/initialisers/initialisers.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { Initialiser } from '../network/tree.ts';
import type { PlanNode } from './plan.ts';

/** The resolved network without what the engine works out for itself: shapes, parameters, costs. */
export function planNetwork(node: ResolvedNode): PlanNode {
  const { path, key } = node;
  switch (node.type) {
    case 'Layer': {
      const { layer, options, initialise, frozen } = node;
      return { type: 'Layer', path, key, layer, options, initialise: initialise.map(planInitialiser), frozen };
    }
    case 'Sequential':
    case 'NBeats':
      return { type: node.type, path, key, children: node.children.map(planNetwork) };
    case 'Residual':
      return {
        type: 'Residual',
        path,
        key,
        body: planNetwork(node.body),
        shortcut: node.shortcut === null ? null : planNetwork(node.shortcut),
        after: node.after === null ? null : planNetwork(node.after),
      };
    case 'Fork':
    case 'Join':
      return { type: node.type, path, key, branches: node.branches.map(planNetwork), join: node.join };
    case 'Recurrent':
      return {
        type: 'Recurrent',
        path,
        key,
        before: node.before === null ? null : planNetwork(node.before),
        body: planNetwork(node.body),
        after: node.after === null ? null : planNetwork(node.after),
        handsOn: node.handsOn,
        carry: node.carry,
      };
    case 'Transform': {
      const [training, evaluation] = [planNetwork(node.training), planNetwork(node.evaluation)];
      return { type: 'Transform', path, key, training, evaluation };
    }
    case 'Repeat':
      return { type: 'Repeat', path, key, count: node.count, body: planNetwork(node.body) };
  }
}

function planInitialiser(rule: Initialiser): Initialiser {
  return { ...decide(initialiserType(rule.method).options, rule), method: rule.method, parameters: rule.parameters };
}

import type { Flow } from '../catalogue/shape.ts';
import { elementCount } from '../catalogue/shape.ts';
import { asFlow } from './flow.ts';
import { partsOf } from './resolved.ts';
import type { ResolvedNode } from './resolved.ts';

export interface Summary {
  /** Layers and joins in the order in which they compute. */
  readonly modules: readonly ModuleSummary[];
  readonly totals: {
    readonly layers: number;
    readonly parameters: number;
    readonly trainable: number;
    readonly multiplyAdds: number;
    readonly activationBytes: number;
  };
}

export interface ModuleSummary {
  /** Place in the project: `networks.main.children[3]`. */
  readonly path: string;
  /** Prefix of its parameter names: `3.body.0`. */
  readonly key: string;
  /** Of a layer its catalogue name; of the addition of a Residual and the join of a Fork the container's. */
  readonly type: string;
  readonly isJoin: boolean;
  /** Of one sample, without the batch. */
  readonly inputs: Flow;
  readonly outputs: Flow;
  readonly parameters: number;
  readonly trainable: number;
  /** For one sample; a layer in a shared Repeat has those of all its applications. */
  readonly multiplyAdds: number;
  /** Memory of the output for one sample in float32, of all applications likewise. */
  readonly activationBytes: number;
}

const bytesPerValue = 4;

export function summarise(network: ResolvedNode): Summary {
  const modules: ModuleSummary[] = [];
  collect(network, 1, modules);
  const total = (of: (module: ModuleSummary) => number) => modules.reduce((sum, module) => sum + of(module), 0);
  return {
    modules,
    totals: {
      layers: modules.filter(({ isJoin }) => !isJoin).length,
      parameters: total((module) => module.parameters),
      trainable: total((module) => module.trainable),
      multiplyAdds: total((module) => module.multiplyAdds),
      activationBytes: total((module) => module.activationBytes),
    },
  };
}

/** Adds the layers and joins under `node`, applied `times` times. */
function collect(node: ResolvedNode, times: number, modules: ModuleSummary[]): void {
  switch (node.type) {
    case 'Layer': {
      const parameters = node.parameters.reduce((sum, parameter) => sum + elementCount(parameter.shape), 0);
      const trainable = node.frozen ? 0 : parameters;
      const { layer: type, multiplyAdds } = node;
      modules.push(applied(node, { type, isJoin: false, parameters, trainable, multiplyAdds }, times));
      return;
    }
    case 'Sequential':
      for (const child of node.children) collect(child, times, modules);
      return;
    case 'Residual': {
      collect(node.body, times, modules);
      if (node.shortcut !== null) collect(node.shortcut, times, modules);
      const { path, key, body } = node;
      const { outputs } = body;
      modules.push(applied({ path, key, inputs: [...outputs, ...outputs], outputs }, joinOf('Residual', 0), times));
      if (node.after !== null) collect(node.after, times, modules);
      return;
    }
    case 'Fork':
    case 'Join': {
      for (const branch of node.branches) collect(branch, times, modules);
      const inputs = asFlow(node.branches.flatMap((branch) => branch.outputs));
      modules.push(applied({ ...node, inputs }, joinOf(node.type, node.multiplyAdds), times));
      return;
    }
    case 'Repeat':
      collect(node.body, times * node.count, modules);
      return;
    case 'Recurrent':
      for (const part of partsOf(node)) collect(part, times, modules);
      return;
    case 'Transform':
      // The costs are those of training, where the other one is not computed.
      collect(node.training, times, modules);
      collect(node.evaluation, 0, modules);
      return;
    case 'NBeats': {
      for (const block of node.children) collect(block, times, modules);
      const inputs = asFlow(node.children.flatMap(({ outputs }) => outputs));
      modules.push(applied({ ...node, inputs }, joinOf('NBeats', 0), times));
      return;
    }
  }
}

type Cost = Pick<ModuleSummary, 'type' | 'isJoin' | 'parameters' | 'trainable' | 'multiplyAdds'>;

function joinOf(type: string, multiplyAdds: number): Cost {
  return { type, isJoin: true, parameters: 0, trainable: 0, multiplyAdds };
}

function applied(
  { path, key, inputs, outputs }: Pick<ResolvedNode, 'path' | 'key' | 'inputs' | 'outputs'>,
  cost: Cost,
  times: number,
): ModuleSummary {
  const values = outputs.reduce((sum, output) => sum + elementCount(output), 0);
  const activationBytes = values * bytesPerValue * times;
  return { path, key, ...cost, inputs, outputs, multiplyAdds: cost.multiplyAdds * times, activationBytes };
}

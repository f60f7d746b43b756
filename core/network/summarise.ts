import type { Shape } from '../catalogue/shape.ts';
import { elementCount } from '../catalogue/shape.ts';
import type { ResolvedNode } from './resolved.ts';

export interface Summary {
  /** Layers in the order in which they compute. */
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
  readonly type: string;
  /** Of one sample, without the batch. */
  readonly input: Shape;
  readonly output: Shape;
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
  const joins = collect(network, 1, modules);
  const total = (of: (module: ModuleSummary) => number) => modules.reduce((sum, module) => sum + of(module), 0);
  return {
    modules,
    totals: {
      layers: modules.length,
      parameters: total((module) => module.parameters),
      trainable: total((module) => module.trainable),
      multiplyAdds: total((module) => module.multiplyAdds) + joins,
      activationBytes: total((module) => module.activationBytes),
    },
  };
}

/** Adds the layers under `node`, applied `times` times; gives the multiply-adds of the joins. */
function collect(node: ResolvedNode, times: number, modules: ModuleSummary[]): number {
  switch (node.type) {
    case 'Layer': {
      const parameters = node.parameters.reduce((sum, parameter) => sum + elementCount(parameter.shape), 0);
      modules.push({
        path: node.path,
        key: node.key,
        type: node.layer,
        input: node.input,
        output: node.output,
        parameters,
        trainable: node.frozen ? 0 : parameters,
        multiplyAdds: node.multiplyAdds * times,
        activationBytes: elementCount(node.output) * bytesPerValue * times,
      });
      return 0;
    }
    case 'Sequential':
      return node.children.reduce((joins, child) => joins + collect(child, times, modules), 0);
    case 'Residual':
      return [node.body, node.shortcut, node.after].reduce(
        (joins, part) => joins + (part === null ? 0 : collect(part, times, modules)),
        0,
      );
    case 'Fork':
      return node.branches.reduce(
        (joins, branch) => joins + collect(branch, times, modules),
        node.multiplyAdds * times,
      );
    case 'Repeat':
      return collect(node.body, times * node.count, modules);
  }
}

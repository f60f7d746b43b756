import type { LayerOptions } from '../catalogue/layer-type.ts';
import { elementCount } from '../catalogue/shape.ts';
import type { Flow, Shape } from '../catalogue/shape.ts';
import type { Failure } from '../failure.ts';
import type { Address } from './address.ts';
import { resolveNetwork } from './resolve.ts';
import { layersOf } from './resolved.ts';
import type { ResolvedNode } from './resolved.ts';
import type { Blocks, NetworkName, NetworkNode } from './tree.ts';

/** What flows through one module, and what it costs; of a module that is computed several times the first time. */
export interface ModuleFacts {
  /** What it takes of the flow and what it puts in its place; of one sample, without the batch. */
  readonly inputs: Flow;
  readonly outputs: Flow;
  /** The first of them. */
  readonly input: Shape;
  readonly output: Shape;
  /** Of everything under it, all copies of a Repeat together. */
  readonly parameters: number;
  /** Of a layer: every option, none missing, as decided. */
  readonly options?: LayerOptions;
  /** Prefix of its parameter names: `3.body.0`. */
  readonly key: string;
}

/** Everything that is known of a network up to the first module that cannot work. */
export interface NetworkFacts {
  readonly modules: ReadonlyMap<Address, ModuleFacts>;
  /** Of the first module that cannot work. */
  readonly failure: Failure | null;
  /** The module to blame: the failure's address without the option; null without a failure. */
  readonly faulty: Address | null;
  readonly resolved: ResolvedNode | null;
}

export function factsOf(network: NetworkNode, blocks: Blocks, inputs: Flow, name: NetworkName = 'main'): NetworkFacts {
  const modules = new Map<Address, ModuleFacts>();
  const resolution = resolveNetwork(network, blocks, inputs, {
    name,
    resolved: (address, node) => {
      if (!modules.has(address)) modules.set(address, moduleFacts(node));
    },
  });
  if (resolution.ok) return { modules, failure: null, faulty: null, resolved: resolution.network };
  const failure = resolution.failures[0]!;
  return { modules, failure, faulty: blamedModule(failure.at ?? `networks.${name}`), resolved: null };
}

/** The module of a failure's place: without an option, a count, the name of a Block. */
export function blamedModule(at: string): Address {
  return at.replace(/\.(options(\..*)?|count|block|name|join(\..*)?|arguments(\..*)?)$/, '');
}

function moduleFacts(node: ResolvedNode): ModuleFacts {
  let parameters = 0;
  for (const layer of layersOf(node)) {
    for (const { shape } of layer.parameters) parameters += elementCount(shape);
  }
  const { inputs, outputs, input, output, key } = node;
  const common = { inputs, outputs, input, output, parameters, key };
  return node.type === 'Layer' ? { ...common, options: node.options } : common;
}

import type { LayerOptions } from '../catalogue/layer-type.ts';
import { elementCount } from '../catalogue/shape.ts';
import type { Flow, Shape } from '../catalogue/shape.ts';
import type { Failure } from '../failure.ts';
import type { Address } from './address.ts';
import { resolveNetwork } from './resolve.ts';
import type { Resolution } from './resolve.ts';
import { partsOf } from './resolved.ts';
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
  readonly resolution: Resolution;
}

export function factsOf(network: NetworkNode, blocks: Blocks, inputs: Flow, name: NetworkName = 'main'): NetworkFacts {
  const modules = new Map<Address, ModuleFacts>();
  const counted = new Map<ResolvedNode, number>();
  const resolution = resolveNetwork(network, blocks, inputs, {
    name,
    resolved: (address, node) => {
      if (!modules.has(address)) modules.set(address, moduleFacts(node, parametersOf(node, counted)));
    },
  });
  if (resolution.ok) return { modules, failure: null, faulty: null, resolved: resolution.network, resolution };
  const failure = resolution.failures[0]!;
  return { modules, failure, faulty: blamedModule(failure.at ?? `networks.${name}`), resolved: null, resolution };
}

/** Whether a module is, or lies in, a shortcut that is not computed where it stands: see `shortcutWhere`. */
export function isUnused({ modules }: NetworkFacts, address: Address): boolean {
  return [...address.matchAll(/\.shortcut(?![^.[/])/g)].some(
    ({ index }) => modules.has(address.slice(0, index)) && !modules.has(`${address.slice(0, index)}.shortcut`),
  );
}

/** The module of a failure's place: without an option, a count, the name of a Block. */
export function blamedModule(at: string): Address {
  return at.replace(/\.(options(\..*)?|count|block|name|join(\..*)?|arguments(\..*)?)$/, '');
}

/** `counted`: what was counted before; the parts of a module come before itself. */
function parametersOf(node: ResolvedNode, counted: Map<ResolvedNode, number>): number {
  const before = counted.get(node);
  if (before !== undefined) return before;
  const own = node.type === 'Layer' ? sum(node.parameters, ({ shape }) => elementCount(shape)) : 0;
  const parameters = own + sum(partsOf(node), (part) => parametersOf(part, counted));
  counted.set(node, parameters);
  return parameters;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function moduleFacts(node: ResolvedNode, parameters: number): ModuleFacts {
  const { inputs, outputs, input, output, key } = node;
  const common = { inputs, outputs, input, output, parameters, key };
  return node.type === 'Layer' ? { ...common, options: node.options } : common;
}

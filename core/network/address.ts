import type { Project } from '../project/project.ts';
import { parsePath } from '../project/path.ts';
import { FailureError } from '../failure.ts';
import { nodeAt } from './node-path.ts';
import type { NodePath } from './node-path.ts';
import type { NetworkName, NetworkNode } from './tree.ts';

/**
 * Where a module is seen in a project: `networks.main.children[3]`, and inside of a Block's instance
 * `networks.main.children[3]/blocks.Basic.body.children[0]`: what comes after the last slash is where it is written.
 */
export type Address = string;

/** Where a module is written: a tree of the project and the way down from its root. */
export interface Spot {
  /** `networks.main`, `networks.discriminator` or `blocks.Basic.body`. */
  readonly tree: string;
  readonly path: NodePath;
}

/** Throws a FailureError for what is no address. */
export function spotAt(address: Address): Spot {
  const steps = parsePath(address.slice(address.lastIndexOf('/') + 1));
  const [kind, name] = steps ?? [];
  const length = kind === 'networks' ? 2 : 3;
  const isTree = (kind === 'networks' && isNetworkName(name)) || (kind === 'blocks' && steps?.[2] === 'body');
  if (steps === undefined || !isTree) return refuseAddress(address);
  return { tree: steps.slice(0, length).join('.'), path: steps.slice(length) };
}

/** The network in which a module is seen; of a Block's own definition `main`. */
export function networkOf(address: Address): NetworkName {
  return address.startsWith('networks.discriminator') ? 'discriminator' : 'main';
}

function isNetworkName(name: unknown): name is NetworkName {
  return name === 'main' || name === 'discriminator';
}

/** Everything of an address but the way down from the tree's root: `networks.main`, `networks.main.children[3]/blocks.Basic.body`. */
export function rootOf(address: Address): Address {
  const begin = address.lastIndexOf('/') + 1;
  return address.slice(0, begin) + spotAt(address).tree;
}

export function addressAt(root: Address, path: NodePath): Address {
  return root + path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

/** Address of the container around; undefined for the root of the network. Of a Block's body it is the instance. */
export function addressAround(address: Address): Address | undefined {
  const { path } = spotAt(address);
  const root = rootOf(address);
  if (path.length > 0) return addressAt(root, path.slice(0, typeof path.at(-1) === 'number' ? -2 : -1));
  const slash = address.lastIndexOf('/');
  return slash < 0 ? undefined : address.slice(0, slash);
}

type Trees = Pick<Project, 'networks' | 'blocks'>;

/** Root of a tree such as `blocks.Basic.body`. */
export function treeOf(project: Trees, tree: string): NetworkNode {
  if (tree.startsWith('networks.')) {
    const network = tree.slice('networks.'.length);
    return (isNetworkName(network) ? project.networks[network] : undefined) ?? refuseAddress(tree);
  }
  const name = tree.slice('blocks.'.length, -'.body'.length);
  const definition =
    project.blocks !== undefined && Object.hasOwn(project.blocks, name) ? project.blocks[name] : undefined;
  return definition?.body ?? refuseAddress(tree);
}

/** Throws a FailureError where there is no module. */
export function moduleAt(project: Trees, address: Address): NetworkNode {
  const { tree, path } = spotAt(address);
  return nodeAt(treeOf(project, tree), path);
}

/** The project with another root of the tree in which `address` is written; every instance of a Block sees the change. */
export function withTree<Document extends Trees>(
  project: Document,
  tree: string,
  change: (root: NetworkNode) => NetworkNode,
): Document {
  const root = treeOf(project, tree);
  const next = change(root);
  if (next === root) return project;
  if (tree.startsWith('networks.')) {
    return { ...project, networks: { ...project.networks, [tree.slice('networks.'.length)]: next } };
  }
  const name = tree.slice('blocks.'.length, -'.body'.length);
  return { ...project, blocks: { ...project.blocks, [name]: { ...project.blocks![name]!, body: next } } };
}

function refuseAddress(address: Address): never {
  throw new FailureError({
    code: 'badNetwork',
    message: `There is no module at ${address} of this project.`,
    at: address,
  });
}

import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import { singleParts } from '../network/node-path.ts';
import type { Blocks, NetworkNode } from '../network/tree.ts';

/** The node and everything under it, containers before their parts; Blocks are not entered. */
export function* nodesUnder(node: NetworkNode): Generator<NetworkNode> {
  for (const [part] of addressedUnder(node, '')) yield part;
}

/** The same with the address of each, if the first one's is `address`. */
export function* addressedUnder(node: NetworkNode, address: Address): Generator<readonly [NetworkNode, Address]> {
  yield [node, address];
  for (const [step, part] of partsOf(node)) yield* addressedUnder(part, `${address}.${step}`);
}

function partsOf(node: NetworkNode): readonly (readonly [step: string, part: NetworkNode])[] {
  if (!isContainer(node)) return [];
  switch (node.type) {
    case 'Sequential':
    case 'NBeats':
      return node.children.map((child, index) => [`children[${index}]`, child] as const);
    case 'Fork':
    case 'Join':
      return node.branches.map((branch, index) => [`branches[${index}]`, branch] as const);
    case 'Residual':
    case 'Repeat':
    case 'Recurrent':
    case 'Transform':
      return singleParts(node);
    case 'Block':
      return [];
  }
}

/** The tree with every node replaced by what `change` makes of it once its parts are; unchanged parts stay the same objects. */
export function mapNodes(node: NetworkNode, change: (node: NetworkNode) => NetworkNode): NetworkNode {
  return change(withParts(node, (part) => mapNodes(part, change)));
}

function withParts(node: NetworkNode, map: (part: NetworkNode) => NetworkNode): NetworkNode {
  if (!isContainer(node)) return node;
  switch (node.type) {
    case 'Sequential':
    case 'NBeats': {
      const children = node.children.map(map);
      return isSame(children, node.children) ? node : { ...node, children };
    }
    case 'Fork':
    case 'Join': {
      const branches = node.branches.map(map);
      return isSame(branches, node.branches) ? node : { ...node, branches };
    }
    case 'Repeat': {
      const body = map(node.body);
      return body === node.body ? node : { ...node, body };
    }
    case 'Residual': {
      const body = map(node.body);
      const shortcut = node.shortcut && map(node.shortcut);
      const after = node.after && map(node.after);
      if (body === node.body && shortcut === node.shortcut && after === node.after) return node;
      return { ...node, body, ...(shortcut && { shortcut }), ...(after && { after }) };
    }
    case 'Recurrent': {
      const before = node.before && map(node.before);
      const body = map(node.body);
      const after = node.after && map(node.after);
      if (before === node.before && body === node.body && after === node.after) return node;
      return { ...node, ...(before && { before }), body, ...(after && { after }) };
    }
    case 'Transform': {
      const [training, evaluation] = [map(node.training), map(node.evaluation)];
      const isUnchanged = training === node.training && evaluation === node.evaluation;
      return isUnchanged ? node : { ...node, training, evaluation };
    }
    case 'Block':
      return node;
  }
}

function isSame(list: readonly NetworkNode[], other: readonly NetworkNode[]): boolean {
  return list.every((node, index) => node === other[index]);
}

/** Names of the Blocks that the nodes use, those within the Blocks included, if they are known. */
export function blocksUsed(nodes: readonly NetworkNode[], blocks: Blocks): ReadonlySet<string> {
  const used = new Set<string>();
  const visit = (node: NetworkNode): void => {
    for (const part of nodesUnder(node)) {
      if (part.type !== 'Block' || !('block' in part) || used.has(part.block)) continue;
      used.add(part.block);
      if (Object.hasOwn(blocks, part.block)) visit(blocks[part.block]!.body);
    }
  };
  nodes.forEach(visit);
  return used;
}

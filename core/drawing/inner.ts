import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import { singleParts } from '../network/node-path.ts';
import type { Blocks, NetworkNode } from '../network/tree.ts';
import { blockBody } from './draft.ts';

export interface InnerModule {
  readonly node: NetworkNode;
  readonly address: Address;
}

/** Modules directly in a container, in the order of the tree. */
export function innerModules(node: NetworkNode, address: Address, blocks: Blocks): readonly InnerModule[] {
  if (!isContainer(node)) return [];
  switch (node.type) {
    case 'Sequential':
    case 'NBeats':
      return node.children.map((child, index) => ({ node: child, address: `${address}.children[${index}]` }));
    case 'Fork':
    case 'Join':
      return node.branches.map((branch, index) => ({ node: branch, address: `${address}.branches[${index}]` }));
    case 'Residual':
    case 'Repeat':
    case 'Recurrent':
    case 'Transform':
      return singleParts(node).map(([field, inner]) => ({ node: inner, address: `${address}.${field}` }));
    case 'Block': {
      const body = blockBody(node, address, blocks);
      return body === undefined ? [] : [{ node: body, address: `${address}/blocks.${node.block}.body` }];
    }
  }
}

/** Counts the modules in a container, all levels together; of a Block it counts once, however many instances there are. */
export function moduleCounter(blocks: Blocks): (node: NetworkNode, address: Address) => number {
  const known = new Map<NetworkNode, number>();
  return function count(node, address) {
    const before = known.get(node);
    if (before !== undefined) return before;
    let modules = 0;
    for (const inner of innerModules(node, address, blocks)) modules += 1 + count(inner.node, inner.address);
    known.set(node, modules);
    return modules;
  };
}

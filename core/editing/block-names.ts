import { findLayerType } from '../catalogue/catalogue.ts';
import { containerTypes } from '../network/containers.ts';
import type { NetworkNode } from '../network/tree.ts';
import { refusal } from './selected.ts';

/** The name itself, or it with the first number that makes it free: `Basic2`. */
export function freeBlockName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const stem = name.replace(/\d+$/, '');
  let number = 2;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}

export function refuseBlockName(name: string, taken: readonly string[]): void {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw refusal(
      `"${name}" is not a valid name for a Block. Use letters, digits and underscores, and do not begin with a digit.`,
      undefined,
    );
  }
  if ((containerTypes as readonly string[]).includes(name)) {
    throw refusal(`"${name}" is the name of a container: choose another for the Block.`, undefined);
  }
  if (findLayerType(name) !== undefined) {
    throw refusal(`"${name}" is the name of a layer: choose another for the Block.`, undefined);
  }
  if (taken.includes(name)) throw refusal(`There is a Block "${name}" already: choose another name.`, undefined);
}

/** The instance under its Block's other name; any other node as it is. */
export function withBlockName(node: NetworkNode, names: ReadonlyMap<string, string>): NetworkNode {
  if (node.type !== 'Block' || !('block' in node)) return node;
  const name = names.get(node.block);
  return name === undefined ? node : { ...node, block: name };
}

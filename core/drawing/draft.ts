import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import type { NetworkFacts } from '../network/facts.ts';
import type { Blocks, NetworkNode } from '../network/tree.ts';
import type { Part } from './part.ts';

/** What every part of a drawing is made from. */
export interface Draft {
  readonly blocks: Blocks;
  readonly facts: NetworkFacts | null;
  readonly closed: ReadonlySet<Address>;
  /** Modules in a container, all levels together. */
  readonly count: (node: NetworkNode, address: Address) => number;
  readonly part: (node: NetworkNode, seat: Seat) => Part;
}

/** Where a module of the tree stands in the drawing. */
export interface Seat {
  readonly address: Address;
  readonly around: Address | null;
  readonly depth: number;
  readonly role: string;
  readonly isFrozen: boolean;
  /** It fills a slot of its container alone. */
  readonly isAlone: boolean;
}

/** Seat of what lies in the frame of `node`. */
export function seatInside(node: NetworkNode, seat: Seat, step: string, role: string, isAlone: boolean): Seat {
  const { address, depth } = seat;
  const isFrozen = node.frozen ?? seat.isFrozen;
  return { address: address + step, around: address, depth: depth + 1, role, isFrozen, isAlone };
}

/** The body that stands for an instance of a Block; none where the Block is missing or would contain itself. */
export function blockBody(node: NetworkNode, address: Address, blocks: Blocks): NetworkNode | undefined {
  if (!isContainer(node) || node.type !== 'Block' || !Object.hasOwn(blocks, node.block)) return undefined;
  const within = address.split('/').map((step) => /^blocks\.(\w+)\.body/.exec(step)?.[1]);
  return within.includes(node.block) ? undefined : blocks[node.block]!.body;
}

/** A Sequential that is only there because its slot takes one module. */
export function isSlim(node: NetworkNode, { isAlone }: Seat): boolean {
  return isAlone && node.type === 'Sequential' && node.name === undefined;
}

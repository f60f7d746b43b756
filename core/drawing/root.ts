import { flowText } from '../catalogue/shape.ts';
import type { Flow } from '../catalogue/shape.ts';
import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import type { NetworkNode } from '../network/tree.ts';
import { columns } from './columns.ts';
import type { Draft, Seat } from './draft.ts';
import type { View } from './drawing.ts';
import { innerModules } from './inner.ts';
import { markPart } from './mark.ts';
import type { Part } from './part.ts';
import { sequence, sequencePart } from './sequence.ts';
import { fillSlot } from './slot.ts';
import { closed, stack } from './stack.ts';

/**
 * What is looked at, between its input and its output. A Sequential has no frame here: its modules stand on the sheet.
 * Of a Block that is entered the body is seen.
 */
export function rootPart(draft: Draft, node: NetworkNode, view: View, isFrozenAround: boolean): Part {
  const { root: address } = view;
  const { facts, blocks } = draft;
  const input = markPart('input', shapeText(inputsOf(draft, node, address)), address);
  const output = markPart('output', shapeText(facts?.modules.get(address)?.outputs), address);
  const [content] = isContainer(node) && node.type === 'Block' ? innerModules(node, address, blocks) : [];
  const seen = content ?? { node, address };
  const isFrozen = node.frozen ?? isFrozenAround;
  const root: Seat = { address: seen.address, around: null, depth: 0, role: '', isFrozen, isAlone: true };
  if (isContainer(seen.node) && seen.node.type === 'Sequential') {
    const inner = { ...root, isFrozen: seen.node.frozen ?? isFrozen, isAlone: false };
    const inside = (step: string): Seat => ({ ...inner, address: seen.address + step });
    if (view.isInColumns === true) {
      const { parts, joints } = sequence(draft, seen.node, seen.address, inside);
      return columns([input, ...parts, output], [closed, ...joints, closed]);
    }
    const chain = sequencePart(draft, seen.node, seen.address, inside);
    return stack([input, chain, output], [closed, closed, closed, closed]);
  }
  const filled = fillSlot(draft, seen.node, root);
  return stack([input, filled.part, output], [closed, filled.above, filled.below, closed]);
}

/** Where the network does not work, as far as it is known: the first module in a container gets what the container gets. */
function inputsOf(draft: Draft, node: NetworkNode, address: Address): Flow | undefined {
  const known = draft.facts?.modules.get(address)?.inputs;
  if (known !== undefined) return known;
  const [first] = innerModules(node, address, draft.blocks);
  return first === undefined ? undefined : inputsOf(draft, first.node, first.address);
}

function shapeText(flow: Flow | undefined): string {
  return flow === undefined ? '' : flowText(flow);
}

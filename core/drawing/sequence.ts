import type { SequentialNode } from '../network/tree.ts';
import type { Draft, Seat } from './draft.ts';
import type { Part } from './part.ts';
import { emptyPart } from './slot.ts';
import { gap, narrow, stack } from './stack.ts';

/** Modules one after another. `seats` gives each its place by its position. */
export function sequencePart(draft: Draft, node: SequentialNode, address: string, seat: (step: string) => Seat): Part {
  const at = (index: number) => ({ address: `${address}.children[${index}]`, side: 'at' }) as const;
  if (node.children.length === 0) return stack([emptyPart(at(0))], [narrow, narrow]);
  const parts = node.children.map((child, index) => draft.part(child, seat(`.children[${index}]`)));
  return stack(
    parts,
    Array.from({ length: parts.length + 1 }, (_, index) => gap(at(index))),
  );
}

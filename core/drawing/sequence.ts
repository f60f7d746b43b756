import type { SequentialNode } from '../network/tree.ts';
import type { Draft, Seat } from './draft.ts';
import type { Part } from './part.ts';
import { emptyPart } from './slot.ts';
import { gap, narrow, stack } from './stack.ts';
import type { Joint } from './stack.ts';

interface Sequence {
  readonly parts: readonly Part[];
  /** One more than parts: before, between and after them. */
  readonly joints: readonly Joint[];
}

/** Modules one after another, and the room between them. `seat` gives each its place by its position. */
export function sequence(draft: Draft, node: SequentialNode, address: string, seat: (step: string) => Seat): Sequence {
  const at = (index: number) => ({ address: `${address}.children[${index}]`, side: 'at' }) as const;
  if (node.children.length === 0) return { parts: [emptyPart(at(0))], joints: [narrow, narrow] };
  const parts = node.children.map((child, index) => draft.part(child, seat(`.children[${index}]`)));
  return { parts, joints: Array.from({ length: parts.length + 1 }, (_, index) => gap(at(index))) };
}

export function sequencePart(...given: Parameters<typeof sequence>): Part {
  const { parts, joints } = sequence(...given);
  return stack(parts, joints);
}

import type { Target } from '../editing/target.ts';
import type { NetworkNode } from '../network/tree.ts';
import { isSlim } from './draft.ts';
import type { Draft, Seat } from './draft.ts';
import type { Part } from './part.ts';
import { sizes } from './sizes.ts';
import { gap, narrow } from './stack.ts';
import type { Joint } from './stack.ts';

/** A module that stands alone in its place, with the room above and below it. */
export interface Filled {
  readonly part: Part;
  readonly above: Joint;
  readonly below: Joint;
}

/** What is put beside a Sequential that only fills the slot goes into it. */
export function fillSlot(draft: Draft, node: NetworkNode, seat: Seat): Filled {
  const part = draft.part(node, seat);
  const { address } = seat;
  if (isSlim(node, seat) && !draft.closed.has(address)) return { part, above: narrow, below: narrow };
  return { part, above: gap({ address, side: 'before' }), below: gap({ address, side: 'after' }) };
}

/** A place without a module, large enough to be aimed at. */
export function emptyPart(target: Target): Part {
  const { width, height } = sizes.empty;
  return {
    width,
    height,
    axis: width / 2,
    inlet: 0,
    outlet: height,
    put: (sheet, x, y) => void sheet.drops.push({ kind: 'empty', ...target, x, y, width, height }),
  };
}

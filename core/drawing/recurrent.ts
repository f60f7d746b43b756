import type { RecurrentNode } from '../network/tree.ts';
import { outputNames } from './details.ts';
import { seatInside } from './draft.ts';
import type { Draft, Seat } from './draft.ts';
import { markPart } from './mark.ts';
import { drawLine } from './part.ts';
import type { Part } from './part.ts';
import { sizes } from './sizes.ts';
import { fillSlot } from './slot.ts';
import { stack } from './stack.ts';
import type { Joint } from './stack.ts';

/** What comes before, the layer with its loop, what it hands on, and what comes after. */
export function recurrentPart(draft: Draft, node: RecurrentNode, seat: Seat): Part {
  const inside = (field: 'before' | 'body' | 'after', role: string) => seatInside(node, seat, `.${field}`, role, true);
  const slot = (field: 'before' | 'after'): Joint => ({
    height: sizes.slot.height + 2 * sizes.smallGap,
    drop: { address: `${seat.address}.${field}`, side: 'at' },
    isSlot: true,
  });
  // The body's role is no column's, as that of a Residual is: the flow goes through all three.
  const body = fillSlot(draft, node.body, inside('body', 'recurrent'));
  const handsOn = (node.handsOn ?? ['sequence']).map((output) => outputNames[output]).join(', ');
  const parts: Part[] = [looped(body.part), markPart('recurrent', handsOn, seat.address)];
  const joints: Joint[] = [slot('before'), body.below, slot('after')];
  if (node.before !== undefined) {
    const before = fillSlot(draft, node.before, inside('before', 'before'));
    parts.unshift(before.part);
    joints.splice(0, 1, before.above, body.above);
  }
  if (node.after !== undefined) {
    const after = fillSlot(draft, node.after, inside('after', 'after'));
    parts.push(after.part);
    joints.splice(-1, 1, after.above, after.below);
  }
  return stack(parts, joints);
}

/** A line from its side back into it: every step goes on from the one before. As much room on the left keeps the middle. */
function looped(part: Part): Part {
  const room = sizes.columns;
  return {
    width: part.width + 2 * room,
    height: part.height,
    axis: part.axis + room,
    inlet: part.inlet,
    outlet: part.outlet,
    put(sheet, x, y) {
      part.put(sheet, x + room, y);
      const side = x + room + part.width;
      const [from, to] = [y + Math.round(part.height * 0.75), y + Math.round(part.height * 0.25)];
      drawLine(sheet, 'flow', [
        [side, from],
        [side + sizes.lane, from],
        [side + sizes.lane, to],
        [side, to],
      ]);
    },
  };
}

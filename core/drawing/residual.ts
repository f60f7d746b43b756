import { isUnused } from '../network/facts.ts';
import type { ResidualNode } from '../network/tree.ts';
import { seatInside } from './draft.ts';
import type { Draft, Seat } from './draft.ts';
import { markPart } from './mark.ts';
import { drawLine } from './part.ts';
import type { Part } from './part.ts';
import { sizes } from './sizes.ts';
import { fillSlot } from './slot.ts';
import { closed, drawFlow, narrow, stack } from './stack.ts';
import type { Joint } from './stack.ts';

/** after(body(x) + shortcut(x)): body and shortcut beside each other, the sum, and what comes after it. */
export function residualPart(draft: Draft, node: ResidualNode, seat: Seat): Part {
  const columns = columnsPart(draft, node, seat);
  const sum = markPart('add', '+', seat.address);
  if (node.after === undefined) {
    const slot: Joint = {
      height: sizes.slot.height + 2 * sizes.smallGap,
      drop: { address: `${seat.address}.after`, side: 'at' },
      isSlot: true,
    };
    return stack([columns, sum], [closed, closed, slot]);
  }
  const after = fillSlot(draft, node.after, seatInside(node, seat, '.after', 'after', true));
  return stack([columns, sum, after.part], [closed, closed, after.above, after.below]);
}

/** From where the input parts to the top of the sum; the line of the shortcut ends at the sum's side. */
function columnsPart(draft: Draft, node: ResidualNode, seat: Seat): Part {
  const { part: body, above, below } = fillSlot(draft, node.body, seatInside(node, seat, '.body', 'body', true));
  const shortcut = shortcutPart(draft, node, seat);
  const isPassedBy =
    node.shortcut !== undefined && draft.facts !== null && isUnused(draft.facts, `${seat.address}.shortcut`);
  const bodyHeight = above.height + body.height + below.height;
  const room = Math.max(bodyHeight, shortcut.height);
  const bodyStack = stack([body], [above, below]);
  const height = 2 * sizes.lane + room;
  const bodyTop = sizes.lane + Math.floor((room - bodyHeight) / 2);
  const shortcutTop = sizes.lane + Math.floor((room - shortcut.height) / 2);
  const left = body.width + sizes.columns;
  return {
    width: left + shortcut.width,
    height,
    axis: body.axis,
    inlet: 0,
    outlet: height,
    put(sheet, x, y) {
      const middle = x + body.axis;
      drawFlow(sheet, middle, y, y + bodyTop + bodyStack.inlet);
      bodyStack.put(sheet, x, y + bodyTop);
      drawFlow(sheet, middle, y + bodyTop + bodyStack.outlet, y + height);
      // What is not used here keeps its place, and the input passes by between the columns.
      const beside = isPassedBy ? x + left - sizes.columns / 2 : x + left + shortcut.axis;
      const turn = y + sizes.lane / 2;
      const sum = y + height + sizes.mark.height / 2;
      const away = [
        [middle, y],
        [middle, turn],
        [beside, turn],
      ] as const;
      const back = [
        [beside, sum],
        [middle + sizes.mark.width / 2, sum],
      ] as const;
      shortcut.put(sheet, x + left, y + shortcutTop);
      if (isPassedBy) {
        drawLine(sheet, 'shortcut', [...away, ...back]);
        return;
      }
      const isModule = node.shortcut !== undefined;
      drawLine(sheet, 'shortcut', [...away, [beside, y + shortcutTop + shortcut.inlet]], isModule);
      drawLine(sheet, 'shortcut', [[beside, y + shortcutTop + shortcut.outlet], ...back]);
    },
  };
}

/** Without a module a slot on the line. */
function shortcutPart(draft: Draft, node: ResidualNode, seat: Seat): Part {
  if (node.shortcut !== undefined) {
    const filled = fillSlot(draft, node.shortcut, seatInside(node, seat, '.shortcut', 'shortcut', true));
    return stack([filled.part], [filled.above, filled.below]);
  }
  const { width, height } = sizes.slot;
  return stack(
    [
      {
        width,
        height,
        axis: width / 2,
        inlet: 0,
        outlet: height,
        put: (sheet, x, y) =>
          void sheet.drops.push({
            kind: 'empty',
            address: `${seat.address}.shortcut`,
            side: 'at',
            x,
            y,
            width,
            height,
          }),
      },
    ],
    [narrow, narrow],
  );
}

import type { NBeatsNode } from '../network/tree.ts';
import { seatInside } from './draft.ts';
import type { Draft, Seat } from './draft.ts';
import { markPart } from './mark.ts';
import { drawLine } from './part.ts';
import type { Part } from './part.ts';
import { sizes } from './sizes.ts';
import { emptyPart } from './slot.ts';
import { drawFlow, narrow, stack } from './stack.ts';

/**
 * Blocks under one another. On the right the input passes each of them by to where its backcast is taken away; on the
 * left their forecasts run down to the sum.
 */
export function forecastPart(draft: Draft, node: NBeatsNode, seat: Seat): Part {
  const target = (index: number) => ({ address: `${seat.address}.children[${index}]`, side: 'at' }) as const;
  if (node.children.length === 0) return stack([emptyPart(target(0))], [narrow, narrow]);
  const blocks = node.children.map((child, index) =>
    draft.part(child, seatInside(node, seat, `.children[${index}]`, `block ${index + 1}`, true)),
  );
  const marks = blocks.map((_, index) => {
    const isLast = index === blocks.length - 1;
    return markPart(isLast ? 'join' : 'subtract', isLast ? 'sum of forecasts' : '−', seat.address);
  });
  const axis = sizes.columns + Math.max(...blocks.map((block) => block.axis), marks.at(-1)!.axis);
  const right = axis + Math.max(...blocks.map((block) => block.width - block.axis), marks.at(-1)!.axis);
  const tops: number[] = [];
  let height = 0;
  for (const [index, block] of blocks.entries()) {
    tops.push(height + sizes.gap);
    height += sizes.gap + block.height + sizes.gap + marks[index]!.height;
  }
  height += sizes.smallGap;
  return {
    width: right + sizes.columns,
    height,
    axis,
    inlet: tops[0]! + blocks[0]!.inlet,
    outlet: height - sizes.smallGap,
    put(sheet, x, y) {
      const middle = x + axis;
      const sum = y + height - sizes.smallGap - sizes.mark.height / 2;
      for (const [index, block] of blocks.entries()) {
        const mark = marks[index]!;
        const top = y + tops[index]!;
        const markTop = top + block.height + sizes.gap;
        const turn = top - sizes.gap / 2;
        if (index > 0) drawFlow(sheet, middle, top - sizes.gap, top + block.inlet);
        block.put(sheet, middle - block.axis, top);
        drawFlow(sheet, middle, top + block.outlet, markTop);
        mark.put(sheet, middle - mark.axis, markTop);
        const { width } = sizes.card;
        const box = { x: middle - width / 2, y: top - sizes.gap, width, height: sizes.gap };
        sheet.drops.push({ kind: 'between', ...target(index), ...box });
        if (index === blocks.length - 1) {
          sheet.drops.push({ kind: 'between', ...target(index + 1), ...box, y: top + block.height });
          continue;
        }
        const beside = x + right + sizes.lane;
        drawLine(sheet, 'shortcut', [
          [middle, top - sizes.gap],
          [middle, turn],
          [beside, turn],
          [beside, markTop + mark.height / 2],
          [middle + mark.axis, markTop + mark.height / 2],
        ]);
        const rail = x + sizes.columns - sizes.lane;
        const from = top + block.height + sizes.gap / 2;
        drawLine(sheet, 'flow', [
          [middle, top + block.outlet],
          [middle, from],
          [rail, from],
          [rail, sum],
          [middle - marks.at(-1)!.axis, sum],
        ]);
      }
    },
  };
}

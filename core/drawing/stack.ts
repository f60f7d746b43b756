import type { Target } from '../editing/target.ts';
import { drawLine } from './part.ts';
import type { Part, Sheet } from './part.ts';
import { sizes } from './sizes.ts';

/** The room between two parts of a stack, or at one of its ends. */
export interface Joint {
  readonly height: number;
  readonly drop?: Target;
  /** A slot that waits for a module on the line, instead of a strip that is seen only when needed. */
  readonly isSlot?: boolean;
}

export function gap(drop: Target): Joint {
  return { height: sizes.gap, drop };
}

export const narrow: Joint = { height: sizes.smallGap };
export const closed: Joint = { height: 0 };

/** Parts under one another on one axis. `joints` has one more than `parts`: the first lies above, the last below them. */
export function stack(parts: readonly Part[], joints: readonly Joint[]): Part {
  const axis = Math.max(...parts.map((part) => part.axis));
  const width = axis + Math.max(...parts.map((part) => part.width - part.axis));
  const tops: number[] = [];
  let height = 0;
  for (const [index, part] of parts.entries()) {
    height += joints[index]!.height;
    tops.push(height);
    height += part.height;
  }
  const last = parts.length - 1;
  const end = height;
  height += joints.at(-1)!.height;
  return {
    width,
    height,
    axis,
    inlet: tops[0]! + parts[0]!.inlet,
    outlet: tops[last]! + parts[last]!.outlet,
    put(sheet, x, y) {
      const middle = x + axis;
      for (const [index, part] of parts.entries()) {
        const top = y + tops[index]!;
        part.put(sheet, middle - part.axis, top);
        putDrop(sheet, joints[index]!, middle, top - joints[index]!.height);
        if (index === 0) continue;
        const from = y + tops[index - 1]! + parts[index - 1]!.outlet;
        drawFlow(sheet, middle, from, top + part.inlet);
      }
      putDrop(sheet, joints.at(-1)!, middle, y + end);
    },
  };
}

export function drawFlow(sheet: Sheet, x: number, from: number, to: number, hasArrow = true): void {
  const points = [
    [x, from],
    [x, to],
  ] as const;
  drawLine(sheet, 'flow', points, hasArrow);
}

function putDrop(sheet: Sheet, { height, drop, isSlot }: Joint, middle: number, top: number): void {
  if (drop === undefined) return;
  if (isSlot === true) {
    const { width, height: own } = sizes.slot;
    const box = { x: middle - width / 2, y: top + (height - own) / 2, width, height: own };
    sheet.drops.push({ kind: 'empty', ...drop, ...box });
    return;
  }
  const { width } = sizes.card;
  sheet.drops.push({ kind: 'between', ...drop, x: middle - width / 2, y: top, width, height });
}

import { drawLine } from './part.ts';
import type { Part } from './part.ts';
import { sizes } from './sizes.ts';
import { narrow, stack } from './stack.ts';
import type { Joint } from './stack.ts';

/** Width by height that a drawing in columns comes near to: about a window's. */
const aspect = 1.5;
/** Pixels that one column may be high however few modules there are: what is seen without scrolling stays as it is. */
const lowest = 640;

/**
 * As `stack`, wrapped into columns beside one another: what leaves the last of one column goes up to the first of the
 * next. For the top of a drawing only, since data leaves it on another axis than it came in.
 */
export function columns(parts: readonly Part[], joints: readonly Joint[]): Part {
  const cuts = cutsOf(parts, joints);
  const stacks = cuts.map((from, index) => {
    const to = cuts[index + 1] ?? parts.length;
    // The place between two columns is above the second.
    const after = to === parts.length ? joints[to]! : narrow;
    return stack(parts.slice(from, to), [...joints.slice(from, to), after]);
  });
  const between = 2 * sizes.columns;
  const lefts = stacks.map((_, index) => stacks.slice(0, index).reduce((sum, { width }) => sum + width + between, 0));
  const first = stacks[0]!;
  const last = stacks.at(-1)!;
  const { lane } = sizes;
  const top = stacks.length > 1 ? lane : 0;
  return {
    width: lefts.at(-1)! + last.width,
    height: top + Math.max(...stacks.map(({ height }) => height)) + top,
    axis: first.axis,
    inlet: top + first.inlet,
    outlet: top + last.outlet,
    put(sheet, x, y) {
      for (const [index, column] of stacks.entries()) {
        const left = x + lefts[index]!;
        column.put(sheet, left, y + top);
        const before = stacks[index - 1];
        if (before === undefined) continue;
        const from = [x + lefts[index - 1]! + before.axis, y + top + before.outlet] as const;
        const to = [left + column.axis, y + top + column.inlet] as const;
        const middle = left - between / 2;
        const low = from[1] + lane;
        drawLine(sheet, 'flow', [from, [from[0], low], [middle, low], [middle, y], [to[0], y], to]);
      }
    },
  };
}

/** Positions of the parts that begin a column. */
function cutsOf(parts: readonly Part[], joints: readonly Joint[]): readonly number[] {
  const heights = parts.map(({ height }, index) => joints[index]!.height + height);
  const total = heights.reduce((sum, height) => sum + height, 0);
  const width = Math.max(...parts.map((part) => part.width)) + 2 * sizes.columns;
  const wanted = Math.max(1, Math.round(Math.sqrt((aspect * total) / width)));
  const high = Math.max(lowest, total / wanted);
  const cuts = [0];
  let height = 0;
  for (const [index, own] of heights.entries()) {
    // The output stays with what gives it, and nothing stands under the input alone.
    const mayCut = index > 1 && index < parts.length - 1;
    if (mayCut && height + own / 2 > high) {
      cuts.push(index);
      height = 0;
    }
    height += own;
  }
  return cuts;
}

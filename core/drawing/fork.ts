import { flowText } from '../catalogue/shape.ts';
import type { Address } from '../network/address.ts';
import type { ForkNode, JoinNode, TransformNode } from '../network/tree.ts';
import { seatInside } from './draft.ts';
import type { Draft, Seat } from './draft.ts';
import { markPart } from './mark.ts';
import { drawLine } from './part.ts';
import type { Part } from './part.ts';
import { sizes } from './sizes.ts';
import { fillSlot } from './slot.ts';
import { closed, narrow, stack } from './stack.ts';

/** What a branch is to its container: of a Join each is the way of one input. */
export function branchRole(node: ForkNode | JoinNode): 'branch' | 'input' {
  return node.type === 'Join' ? 'input' : 'branch';
}

/** Branches beside each other that meet in the join. */
export function forkPart(draft: Draft, node: ForkNode | JoinNode, seat: Seat): Part {
  const { kind, dim } = node.join;
  const along = dim === undefined ? '' : ` dim ${dim}`;
  const label = {
    cat: `cat${along}`,
    stack: `stack${along}`,
    add: '+',
    multiply: '×',
    matmul: 'matmul',
    tuple: 'tuple',
  }[kind];
  const branches = branchesOf(draft, node, seat);
  const between = Array.from({ length: branches.length + 1 }, (_, index) => `${seat.address}.branches[${index}]`);
  return stack([besideEachOther(branches, between), markPart('join', label, seat.address)], [closed, closed, narrow]);
}

function branchesOf(draft: Draft, node: ForkNode | JoinNode, seat: Seat): readonly Part[] {
  const inputs = draft.facts?.modules.get(seat.address)?.inputs;
  return node.branches.map((branch, index) => {
    const inside = seatInside(node, seat, `.branches[${index}]`, `${branchRole(node)} ${index + 1}`, true);
    const { part, above, below } = fillSlot(draft, branch, inside);
    if (node.type === 'Fork') return stack([part], [above, below]);
    const shape = inputs?.[index];
    const label = `input ${index + 1}${shape === undefined ? '' : `: ${flowText([shape])}`}`;
    return stack([markPart('inlet', label, seat.address), part], [closed, above, below]);
  });
}

/** A sequence for training, one for evaluation: the data goes through one or the other. */
export function transformPart(draft: Draft, node: TransformNode, seat: Seat): Part {
  const ways = (['training', 'evaluation'] as const).map((field) => {
    const { part, above, below } = fillSlot(draft, node[field], seatInside(node, seat, `.${field}`, field, true));
    return stack([markPart('inlet', field, seat.address), part], [closed, above, below]);
  });
  return stack([besideEachOther(ways), markPart('join', 'or', seat.address)], [closed, closed, narrow]);
}

/**
 * From where the input parts to where all ways meet. `between`: where a module may be put beside them, from the left of
 * the first to the right of the last.
 */
function besideEachOther(branches: readonly Part[], between: readonly Address[] = []): Part {
  const room = Math.max(...branches.map((branch) => branch.height));
  const height = room + 2 * sizes.lane;
  const lefts: number[] = [];
  let width = sizes.columns;
  for (const branch of branches) {
    lefts.push(width);
    width += branch.width + sizes.columns;
  }
  const axes = branches.map((branch, index) => lefts[index]! + branch.axis);
  const axis = Math.round((axes[(axes.length - 1) >> 1]! + axes[axes.length >> 1]!) / 2);
  return {
    width,
    height,
    axis,
    inlet: 0,
    outlet: height,
    put(sheet, x, y) {
      const middle = x + axis;
      for (const [index, branch] of branches.entries()) {
        const left = x + lefts[index]!;
        const top = y + sizes.lane + Math.floor((room - branch.height) / 2);
        const beside = x + axes[index]!;
        drawLine(sheet, 'flow', [
          [middle, y],
          [middle, y + sizes.lane / 2],
          [beside, y + sizes.lane / 2],
          [beside, top + branch.inlet],
        ]);
        branch.put(sheet, left, top);
        drawLine(sheet, 'flow', [
          [beside, top + branch.outlet],
          [beside, y + height - sizes.lane / 2],
          [middle, y + height - sizes.lane / 2],
          [middle, y + height],
        ]);
      }
      for (const [index, address] of between.entries()) {
        const left = lefts[index] ?? width;
        const box = { x: x + left - sizes.columns, y: y + sizes.lane, width: sizes.columns, height: room };
        sheet.drops.push({ kind: 'between', address, side: 'at', ...box });
      }
    },
  };
}

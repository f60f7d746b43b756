import type { NetworkNode } from '../network/tree.ts';
import { faceOf, titleOf } from './card.ts';
import { isSlim } from './draft.ts';
import type { Draft, Seat } from './draft.ts';
import type { Part } from './part.ts';
import { headerWidth, sizes } from './sizes.ts';
import { drawFlow } from './stack.ts';

/** An open container around what is in it. Lines from outside run through a slim frame to what is in it. */
export function framePart(draft: Draft, node: NetworkNode, seat: Seat, inner: Part): Part {
  const slim = isSlim(node, seat);
  const header = slim ? sizes.slimHeader : sizes.header;
  const face = faceOf(draft, node, seat, 'frame', header);
  const padding = slim ? sizes.slimPadding : sizes.padding;
  const words = slim ? 0 : headerWidth(titleOf(face), face.details, face.parameters);
  const width = Math.max(inner.width + 2 * padding, words);
  const left = Math.floor((width - inner.width) / 2);
  const height = header + inner.height;
  return {
    width,
    height,
    axis: left + inner.axis,
    inlet: slim ? header + inner.inlet : 0,
    outlet: slim ? header + inner.outlet : height,
    put(sheet, x, y) {
      const middle = x + left + inner.axis;
      sheet.modules.push({ ...face, axis: middle, x, y, width, height });
      const top = y + header;
      inner.put(sheet, x + left, top);
      if (slim) return;
      drawFlow(sheet, middle, top, top + inner.inlet);
      drawFlow(sheet, middle, top + inner.outlet, y + height, false);
    },
  };
}

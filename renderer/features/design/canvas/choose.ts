import type { Box, Drawing } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';
import { rangeOf } from '../range.ts';

/** As `rangeOf`, of what is drawn. */
export function rangeTo(drawing: Drawing, from: Address | undefined, to: Address): readonly Address[] {
  return rangeOf(
    drawing.modules.map(({ address }) => address),
    from,
    to,
  );
}

/** Modules that lie whole within a rectangle, without those inside of a module that does. */
export function within(drawing: Drawing, box: Box): readonly Address[] {
  const inside = new Set<Address>();
  for (const module of drawing.modules) {
    if (module.around !== null && inside.has(module.around)) {
      inside.add(module.address);
      continue;
    }
    const isInside =
      module.x >= box.x &&
      module.y >= box.y &&
      module.x + module.width <= box.x + box.width &&
      module.y + module.height <= box.y + box.height;
    if (isInside) inside.add(module.address);
  }
  return drawing.modules
    .filter(({ address, around }) => inside.has(address) && (around === null || !inside.has(around)))
    .map(({ address }) => address);
}
